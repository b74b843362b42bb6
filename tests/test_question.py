import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.question import MAX_ASKS, analyse_question


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Siapa bertemu siapa, di mana, dan kapan?", ("who", "whom", "where", "when")),
        ("Dimana rapatnya?", ("where",)),
        ("Berapa lama rapat itu?", ("how long",)),
        ("Berapa banyak kapal?", ("how many",)),
        ("Kenapa sih dia pergi?", ("why",)),
        ("Gimana caranya?", ("how",)),
        ("Apakah kapal itu tenggelam?", ("yes/no",)),
        ("Negara apakah itu?", ("what",)),
        ("Tanggal berapakah pelabuhan itu dibuka?", ("when",)),
        ("Pada bulan apakah festival itu digelar?", ("when",)),
        ("brp lama kapal itu berlayar?", ("how long",)),
        ("jam brp dibuka?", ("when",)),
        ("Apakah alasan bupati menolak?", ("why",)),
        ("Who's the mayor?", ("who",)),
        ("Apakah nama kapal itu?", ("what",)),
        ("Perusahaan mana yang membeli kapal itu?", ("which",)),
        ("Di rumah sakit mana nakhoda itu dirawat?", ("where",)),
        ("Siapa nakhodanya, dan di rumah sakit mana ia dirawat?", ("who", "where")),
        ("Who met whom, where, and when?", ("who", "whom", "where", "when")),
        ("How much did it cost?", ("how much",)),
        ("Did the ship sink?", ("yes/no",)),
        ("When did the ship sink?", ("when",)),
        ("Jumlah kapal nelayan", ("how many",)),
    ],
)
def test_what_is_asked_for_is_found_in_order(text, asks):
    assert analyse_question(text).kinds == asks


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Perusahaan pelayaran manakah yang membeli kapal itu?", "Perusahaan pelayaran manakah"),
        ("Di rumah sakit mana nakhoda itu dirawat?", "Di rumah sakit mana"),
        ("Bupati menolak apa?", "Bupati menolak apa"),
        ("Mana?", "Yang mana"),
        ("Which ship did the mayor name?", "Which ship"),
        ("Which museum lost two crowns?", "Which museum"),
        ("Berapa kapal tenggelam di sana?", "Berapa kapal tenggelam"),
        ("Berapa wakil menteri yang hadir?", "Berapa wakil menteri"),
        ("Berapa turbin angin yang rusak?", "Berapa turbin angin"),
        ("Berapa harga saham Pangan Tirta?", "Berapa harga saham"),
        ("Berapa nelayan Tirta yang hilang?", "Berapa nelayan Tirta"),
        ("Kepada siapa hadiah itu diberikan?", "Kepada siapa"),
        ("Untuk apa uang itu?", "Untuk apa"),
        ("Dari mana bantuan dikirim?", "Dari mana"),
        ("By whom was he named?", "By whom"),
        ("How old is the captain?", "How old"),
        ("To whom did she write?", "To whom"),
    ],
)
def test_a_label_says_of_what_it_is(text, label):
    (ask,) = analyse_question(text).asks
    assert ask.label == label


def test_terms_are_the_words_that_tell_what_it_is_about():
    assert analyse_question("Siapa yang membuka Pelabuhan Sejati?").terms == (
        "membuka",
        "pelabuhan",
        "sejati",
    )


def test_numbers_and_negations_are_terms():
    assert {"tidak", "2", "dua"} <= set(
        analyse_question("Apa 2 atau dua hal yang tidak ada?").terms
    )


@pytest.mark.parametrize(
    ("text", "history", "resolved"),
    [
        ("Di mana?", ["Siapa yang ditemui Rahmi?"], "Di mana ditemui Rahmi?"),
        ("Kapan itu?", ["Siapa yang ditemui Rahmi?", "Di mana?"], "Kapan ditemui Rahmi?"),
        ("And when was that?", ["Who opened the library?"], "When opened the library?"),
        ("Where?", ["Siapa yang ditemui Rahmi?"], "Di mana ditemui Rahmi?"),
        ("Itu?", ["Siapa yang ditemui Rahmi?"], "Siapa yang ditemui Rahmi?"),
    ],
)
def test_a_question_that_says_nothing_alone_is_resolved(text, history, resolved):
    question = analyse_question(text, history=history)
    assert (question.text, question.resolved) == (text, resolved)
    assert question.terms


def test_borrowed_terms_stay_in_their_language():
    question = analyse_question("Where?", history=["Siapa yang ditemui Rahmi?"])
    assert (question.language, question.terms_language) == ("en", "id")


@pytest.mark.parametrize("text", ["Kapan itu terjadi?", "When did that happen?"])
def test_what_happened_is_told_by_the_question_before(text):
    assert analyse_question(text, history=["Apa Pelabuhan Sejati?"]).terms == (
        "pelabuhan",
        "sejati",
    )


@given(history=st.lists(st.text(max_size=50), max_size=20))
def test_a_question_that_stands_alone_is_never_changed(history):
    text = "Siapa yang membuka pelabuhan?"
    assert analyse_question(text, history=history) == analyse_question(text)


@given(text=st.text(max_size=500), history=st.lists(st.text(max_size=100), max_size=20))
def test_any_question_is_analysed(text, history):
    question = analyse_question(text, history=history)
    assert question == analyse_question(text, history=history)
    assert question.resolved == text or history


def test_without_a_history_nothing_is_made_up():
    question = analyse_question("Di mana?")
    assert (question.resolved, question.terms) == ("Di mana?", ())


def test_a_question_of_no_language_takes_the_default():
    assert analyse_question("Rahmi Hasanah", default_language="en").language == "en"


def asks(text, **more):
    return [(ask.kind, ask.text) for ask in analyse_question(text, **more).asks]


def test_one_thing_is_asked_in_the_question_s_own_words():
    text = "Siapa sih yg membuka pelabuhan"
    assert asks(text) == [("who", text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "Di mana dan kapan kedua menteri bertemu?",
            ["Di mana kedua menteri bertemu?", "Kapan kedua menteri bertemu?"],
        ),
        (
            "Who opened it, where, and when?",
            [
                "Who opened it?",
                "Who opened it, where, and when? Where?",
                "Who opened it, where, and when? When?",
            ],
        ),
        (
            "How many islands are there and who controls them?",
            [
                "How many islands are there?",
                "How many islands are there and who controls them? Who controls them?",
            ],
        ),
        (
            "Siapa yang menolak usul itu, dan usul tentang apa?",
            [
                "Siapa yang menolak usul itu?",
                "Siapa yang menolak usul itu, dan usul tentang apa? Usul tentang apa?",
            ],
        ),
        (
            "Who opened the bridge and what was the reason?",
            [
                "Who opened the bridge?",
                "Who opened the bridge and what was the reason? What was the reason?",
            ],
        ),
        (
            "Berapa kapal dan berapa perahu yang datang?",
            ["Berapa kapal?", "Berapa perahu yang datang?"],
        ),
    ],
)
def test_each_thing_asked_is_a_question_and_follows_the_whole_if_it_must(text, clauses):
    assert [asked for _, asked in asks(text)] == clauses


@pytest.mark.parametrize(
    "text",
    [
        "Apakah Rusia dan Korea menandatangani perjanjian?",
        "What did the man who met Putin say and do?",
        "Who is Kishida, who met Putin in Moscow?",
        "Dalam rapat itu, apa yang diputuskan?",
        "Apa nama dan alamat kantor itu?",
    ],
)
def test_a_question_for_one_thing_is_not_cut(text):
    assert len(asks(text)) == 1


def test_the_second_who_of_a_clause_is_asked_once_the_first_is_known():
    who, whom = analyse_question("Siapa bertemu siapa?").asks
    assert (who.kind, whom.kind, whom.filled_by) == ("who", "whom", 0)
    assert whom.fill("Rahmi").endswith("Rahmi bertemu siapa?")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Siapa datang dan berapa turbin angin yang dipasang?", "Berapa turbin angin"),
        ("Who came and which country won?", "Which country"),
        ("Negara mana yang kalah dan kota mana yang menang?", "Kota mana"),
        ("Siapa datang dan kapan?", "Kapan"),
    ],
)
def test_a_label_says_what_of(text, label):
    assert analyse_question(text).asks[1].label == label


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("Siapa saja yang hadir?", True),
        ("Dua pejabat mana yang bertemu?", True),
        ("Which two officials met?", True),
        ("Which countries signed?", True),
        ("Siapa?", False),
        ("What does the rule say?", False),
        ("Who leads the four groups?", False),
        ("Siapa yang menguasai empat pulau?", False),
        ("Siapa masing-masing pemimpinnya?", True),
        ("Tiga hal apa yang diminta warga?", True),
        ("Pada pukul dua siapa yang tiba?", False),
        ("What measures did the council take?", True),
        ("Which highways are closed?", True),
        ("What makes the plan special?", False),
        ("What causes the floods?", False),
        ("Which bus is late?", False),
        ("Who were the speakers?", True),
        ("Where are the crews?", False),
        ("Name the two towns.", True),
    ],
)
def test_siapa_saja_expects_several_answers(text, many):
    assert analyse_question(text).asks[0].many is many


def test_who_all_came_does_not_ask_for_several_places():
    who, where = analyse_question("Siapa saja yang datang dan di mana?").asks
    assert (who.many, where.many) == (True, False)
    assert not analyse_question("Siapa saja dan di mana?").asks[1].many


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Siapa saja yang hadir?", True),
        ("Dua pejabat mana yang bertemu?", True),
        ("Which two towns lie there?", True),
        ("Which towns lie there?", False),
        ("Siapa yang hadir?", False),
        ("Di mana dua pejabat itu bertemu?", False),
        ("Di mana saja mereka bertemu?", True),
        ("Which two-time champion won?", False),
        ("Pukul dua siang siapa yang tiba?", False),
        ("Setelah tiga hari apa yang ditemukan?", False),
    ],
)
def test_what_is_counted_is_to_be_listed(text, listed):
    assert analyse_question(text).asks[0].listed is listed


def test_whom_all_somebody_met_is_to_be_listed():
    who, whom = analyse_question("Siapa bertemu siapa saja?").asks
    assert (who.listed, whom.listed, whom.filled_by) == (False, True, 0)


def test_two_asks_for_the_same_kind_have_labels_of_their_own():
    asks = analyse_question("Siapa yang datang dan siapa yang menyambut?").asks
    assert [ask.label for ask in asks] == ["Siapa", "Siapa yang menyambut"]


def test_a_count_in_the_question_before_counts_nobody():
    asks = analyse_question("Siapa yang melatih dua tim, siapa yang menang?").asks
    assert [ask.listed for ask in asks] == [False, False]


def test_a_comma_leads_in_another_question_but_no_relative_clause():
    several = analyse_question("What did the plant cost, how long did they save, and where is it?")
    assert [ask.kind for ask in several.asks] == ["what", "how long", "where"]
    relative = analyse_question("Who is Rahmi Hasanah, who opened the plant?")
    assert [ask.kind for ask in relative.asks] == ["who"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kapn rapatnya", "when"),
        ("Siappa yang datang", "who"),
        ("Lokasi rapat", "where"),
        ("reason for the delay", "why"),
        ("pelabuhan baru", "what"),
    ],
)
def test_misspelt_and_missing_question_words_are_understood(text, kind):
    assert analyse_question(text).kinds == (kind,)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Terus siapa yang mengklaimnya?", "Siapa yang menguasai pulau itu?"),
        ("What time did he get the warning?", "Who is Amir Daud?"),
        ("Berapa biayanya?", "Apa nama pelabuhan itu?"),
    ],
)
def test_a_pronoun_is_understood_from_the_question_before(text, before):
    question = analyse_question(text, history=[before])
    assert question.resolved == f"{before} {text}"
    assert question.asks[0].text == question.resolved
    assert len(question.terms) > len(analyse_question(text).terms)


def test_a_greeting_is_no_question_to_go_on_from():
    question = analyse_question("Kapan itu?", history=["Siapa yang ditemui Rahmi?", "Halo"])
    assert question.resolved == "Kapan ditemui Rahmi?"


def test_so_many_things_are_read_and_no_more():
    text = ", ".join(["siapa yang datang", "di mana", "kapan", "mengapa"] * 10)
    assert len(analyse_question(text).asks) <= MAX_ASKS


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("Berapa lama kapal itu berlayar?", {"duration"}),
        ("brp km jaraknya?", {"length"}),
        ("Berapa persen warga yang datang?", {"share"}),
        ("Berapakah harga tiketnya?", {"money", "share"}),
        ("Berapa luas pulau itu?", {"area", "length", "share"}),
        ("Berapa banyak orang yang hadir hari ini?", {"count", "share"}),
        ("Berapa kilometer persegi hutan terbakar?", {"area"}),
        ("brp bunga pinjaman itu?", {"share"}),
        ("Berapa bunga yang ditanam?", set()),
        ("Jam brp rapat itu dimulai?", {"clock"}),
        ("Kapan rapat itu dimulai?", {"duration"}),
        ("Berapa nilai ekspornya?", set()),
        ("How many ships were lost?", {"count", "share"}),
        ("How many square miles burnt?", {"area"}),
        ("How many million dollars did it cost?", {"money"}),
        ("How long is the bridge?", {"duration", "length"}),
        ("How long did the talks take?", {"duration"}),
        ("How much time did it take?", set()),
        ("What time does it open?", {"clock"}),
        ("What was the price of a ticket?", {"money", "share"}),
        ("Who paid the price?", set()),
    ],
)
def test_a_question_tells_what_a_number_may_be_measured_in(text, measures):
    [ask] = analyse_question(text).asks
    assert ask.measures == measures


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Siapa yang membuka pelabuhan itu?", [True]),
        ("Siapa bertemu siapa, di mana, dan kapan?", [True, False, False, False]),
        ("Who opened the harbour and what did the first ship carry?", [True, True]),
        ("Who opened it, and why?", [True, False]),
    ],
)
def test_an_ask_tells_whether_it_needs_the_others(text, alone):
    assert [ask.alone for ask in analyse_question(text).asks] == alone


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("Halo!", True),
        ("hi there", True),
        ("Terima kasih ya", True),
        ("Apa kabar?", True),
        ("How are you?", True),
        ("Siapa kamu?", True),
        ("Who am I?", True),
        ("Halo, siapa yang membuka pelabuhan?", False),
        ("Siapa yang menemui saya di pelabuhan?", False),
        ("Apa kabar kapal itu?", False),
        ("Siapa?", False),
        ("Di mana gua itu?", False),
        ("Kapan, terima kasih?", False),
        ("Terima kasih kapal", False),
        ("", False),
    ],
)
def test_courtesies_and_who_speaks_are_nothing_that_an_article_could_tell(text, idle):
    assert analyse_question(text).idle is idle


@pytest.mark.parametrize(
    ("text", "explicit"),
    [
        ("Siapa?", True),
        ("jumlah kapal", True),
        ("Reason for the delay", True),
        ("kapal biru", False),
        ("qwrtz", False),
        ("🙂", False),
    ],
)
def test_a_question_tells_whether_a_word_asks(text, explicit):
    assert analyse_question(text).explicit is explicit


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Berapa korban tewas dan luka?",
            [
                ("Berapa korban tewas", "Berapa korban tewas?"),
                ("Berapa korban luka", "Berapa korban luka?"),
            ],
        ),
        (
            "How much rice was sold this year and last year?",
            [
                ("How much rice was sold this year", "How much rice was sold this year?"),
                ("How much rice was sold last year", "How much rice was sold last year?"),
            ],
        ),
        (
            "Berapa hasil panen tahun ini dan tahun lalu?",
            [
                ("Berapa hasil panen tahun ini", "Berapa hasil panen tahun ini?"),
                ("Berapa hasil panen tahun lalu", "Berapa hasil panen tahun lalu?"),
            ],
        ),
        # What asks for itself is an ask already.
        ("Berapa korban tewas dan berapa yang luka?", []),
        ("Siapa bertemu siapa, di mana, dan kapan?", []),
        # Lists are asked for as such, and deeds are one story.
        ("Siapa saja ketua dan sekretaris panitia?", []),
        ("Apa yang dilihat dan didengar warga?", []),
        ("Berapa panjang jembatan?", []),
    ],
)
def test_an_ask_tells_what_else_it_may_ask_for(text, parts):
    asks = analyse_question(text).asks
    found = [part for ask in asks for way in ask.parts[:1] for part in way]
    assert [(part.label, part.text) for part in found] == parts
    if parts:
        # What is true of all of them has the name of none.
        assert asks[0].label in ("Berapa", "How much")


def test_of_two_asks_the_second_may_ask_for_two_things_too():
    asks = analyse_question("Kapan banjir terjadi dan berapa yang tewas dan luka?").asks
    assert [ask.kind for ask in asks] == ["when", "how many"]
    assert [part.label for part in asks[1].parts[0]] == ["Berapa yang tewas", "Berapa yang luka"]


def test_whose_it_is_can_be_left_out_of_what_is_asked_in_one_breath():
    (ask,) = analyse_question("Siapa ketua dan bendahara Koperasi Tirta?").asks
    assert [[part.text for part in way] for way in ask.parts] == [
        ["Siapa ketua?", "Siapa bendahara Koperasi Tirta?"],
        ["Siapa ketua?", "Siapa bendahara?"],
    ]


def test_no_more_is_taken_apart_than_is_read():
    asks = analyse_question(
        "Berapa tenda, selimut, dan perahu, berapa dokter, bidan, dan perawat, serta berapa truk?"
    ).asks
    assert len(asks) == 3
    assert [len(way) for ask in asks for way in ask.parts[:1]] == [3]
