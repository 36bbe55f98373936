"""Who wrote a mail: evidence, never a reason to lose one.

Behind a mail server of one's own its Authentication-Results say it (`reporting`); where mail comes
straight to us, `checking` asks the DNS. `lookalikes` flags domains made to be taken for another.
"""
