using Federation.V1.Node;

namespace Federation.Cli.RecordFiles;

/// <summary>Turns an own record as it is read into the form in which it is revised.</summary>
internal static class DraftOfView
{
    public static RecordDraft Create(RecordView view)
    {
        var draft = new RecordDraft { Kind = view.Kind, Envelope = view.Envelope?.Clone(), RecordId = view.RecordId };
        if (view.Handling is { } handling)
        {
            draft.Audience.Add(handling.Audience);
            draft.EmbargoUntil = handling.EmbargoUntil;
            draft.Labels.Add(handling.Labels);
            draft.Draft = handling.Draft;
            draft.Provenance = handling.Provenance?.Clone();
        }
        foreach (var part in view.Parts.Where(part => part.PartId != 0))
        {
            draft.Parts.Add(new PartDraft
            {
                Key = part.Handling?.Key ?? "",
                Part = part.Part?.Clone(),
                Audience = { part.Handling?.Audience ?? [] },
                EmbargoUntil = part.Handling?.EmbargoUntil,
            });
        }
        return draft;
    }
}
