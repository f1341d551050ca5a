using Federation.Formats.Reading;

namespace Federation.Formats.Drafting;

/// <summary>What a mapping could not carry over, in the order in which it was met. The last note counts what has no room.</summary>
internal sealed class LossNotes
{
    private readonly List<string> _notes = [];
    private int _further;

    internal void Add(SourceNode node, string what) => Add($"{node.Pointer}: {what}");

    internal void Add(string note)
    {
        if (_notes.Count < DraftLimits.LossNotes - 1)
            _notes.Add(note.Length <= DraftLimits.LossNoteChars ? note : TextCut.Middle(note, DraftLimits.LossNoteChars));
        else
            _further++;
    }

    internal IEnumerable<string> All() => _further == 0 ? _notes : _notes.Append($"{_further} further losses have no note of their own");
}
