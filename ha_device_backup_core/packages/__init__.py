"""Handler packages: what may be installed, how, and what came of it; a host says where packages go."""
