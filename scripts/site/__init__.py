"""The site for readers, made of the pages in `docs` and of those that packages bring."""
