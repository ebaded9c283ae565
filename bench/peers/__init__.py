"""What Tote is measured beside: each started here, on loopback, with its data on the same disk."""
