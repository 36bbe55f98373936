"""The part of a domain that one house holds."""

from publicsuffix2 import get_sld


def organisation(domain: str) -> str:
    """The domain below a public suffix: firm.com.cn of mail.firm.com.cn.

    An ending that the list does not know counts as one label: it is younger than the list.
    """
    return str(get_sld(domain, strict=True) or ".".join(domain.split(".")[-2:]))
