"""The text that is signed: parties, law, articles, financed actions, financial annex."""
