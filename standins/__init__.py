"""Local servers that speak the wire formats of Paystack, TMDb and Google.

They import no app of Movy and no app imports them: Movy meets them through a base URL alone. See README.md.
"""
