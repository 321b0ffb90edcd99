"""What the tests ask, and what must be true of every answer, whatever the client calls its parts."""

QUERY = "how do I reset a forgotten password"

DOCUMENTS = [
    "Invoices are sent on the first of the month.",
    "The canteen is open from eleven to two.",
    "To reset a forgotten password, choose the link under the form on the login page.",
    "Passwords must be changed every ninety days.",
    "Parking permits are issued at the front desk.",
]
BEST = 2

# More than the 1,000 that Cohere's documentation recommends at most. Short, so that two cores read them in seconds.
MANY = [f"Part {number}" for number in range(1200)]
MANY[777] = DOCUMENTS[BEST]

# The server answers with the model that it has, whatever it is asked for.
MODEL = "any-name-will-do"


def check(ranking, count=None, documents=DOCUMENTS):
    """Of (index, score) pairs as they came: so many, each of another document, the best first, scores descending."""
    ranking = list(ranking)
    indexes = [index for index, _ in ranking]
    scores = [score for _, score in ranking]
    assert len(ranking) == (count or len(documents))
    assert len(set(indexes)) == len(indexes)
    assert set(indexes) <= set(range(len(documents)))
    assert documents[indexes[0]] == DOCUMENTS[BEST]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] > scores[-1]
