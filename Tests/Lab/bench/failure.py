"""What ends a scenario: something that is not as it should be."""


class LabFailure(Exception):
    """Says what was expected and what came."""


def check(holds, expectation, found=""):
    """Fails the scenario unless `holds`; `expectation` completes the sentence "expected ..."."""
    if not holds:
        raise LabFailure(f"expected {expectation}" + (f"; found {found}" if found != "" else ""))


def check_equal(found, expected, subject):
    """Fails the scenario unless the two are equal."""
    check(found == expected, f"{subject} to be {expected!r}", repr(found))
