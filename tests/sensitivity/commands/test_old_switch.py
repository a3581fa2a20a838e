"""A run recorded when ``switch = 1`` was the whole run, trained again today."""

DEFINITION = """
name = "old"
dataset = "iris"
epochs = 2
search = 0
replicates = 2
network = { hidden = [2] }
[space]
optimizer = "adam_then_sgd"
switch = 1.0
learning_rate = [0.01, 0.1]
batch_size = 60
"""


def test_confirm_does_not_compare_the_two(tmp_path, monkeypatch, command, assert_one_sentence):
    """The same configuration would be trained by another rule; a run of today is confirmed."""
    (tmp_path / "old.toml").write_text(DEFINITION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = ("sweep", "old.toml", "--workers", 1, "--no-report", "--out")
    assert command(*run, "now")[0] == 0
    with monkeypatch.context() as before:
        before.setattr("sweeps.network_objective.switches_at_one", lambda _: False)
        assert command(*run, "then")[0] == 0
    confirm = ("--top", 1, "--replicates", 2, "--workers", 1)
    assert command("confirm", "now", *confirm)[0] == 0
    assert_one_sentence(command("confirm", "then", *confirm), "switch = 1 was the whole run")
