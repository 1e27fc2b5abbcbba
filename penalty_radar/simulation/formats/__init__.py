"""Writers of the providers' own export files: header, encoding, quoting and dates as the real files have them."""
