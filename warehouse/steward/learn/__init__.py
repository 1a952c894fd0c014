"""What decisions teach: how far stewards agree, how right links are, where thresholds belong."""
