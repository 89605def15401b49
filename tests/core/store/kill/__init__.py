"""Proofs that nothing that was committed is ever lost, whatever happens at whatever instant."""
