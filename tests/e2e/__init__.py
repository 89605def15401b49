"""The product as people have it: a real Home Assistant, a real browser, simulated devices."""
