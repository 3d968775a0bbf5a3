# The script commands; the binary ones are a nested module. Import does nothing but define, and each statement here is paid for at
# every import, so what a function does is in Scripts/ and is read at its first use.
