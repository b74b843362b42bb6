from qa_service.training.vocabulary import build_tokenizer, choose_pieces

PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -3.0),
    ("a", -4.0),
    ("b", -4.1),
    ("▁kapal", -6.0),
    ("▁rare", -9.0),
    ("▁common", -5.0),
    ("кора", -2.0),
]


def test_used_pieces_letters_and_then_the_most_frequent_are_kept():
    kept = choose_pieces(PIECES, ["kapal"], size=9)
    assert kept == [0, 1, 2, 3, 4, 5, 6, 7, 9]


def test_blanks_of_every_kind_are_one():
    tokenizer = build_tokenizer(PIECES)
    assert tokenizer.encode("kapal \r\n\tkapal").tokens == ["▁kapal", "▁kapal"]
