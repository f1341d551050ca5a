using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Shows how far what is stored has been checked, and starts a check.</summary>
internal sealed class ScrubDesk(ScrubBoard board)
{
    /// <summary>How each thing stands.</summary>
    public GetScrubResponse Read()
    {
        var (running, items) = board.Read();
        var response = new GetScrubResponse { Running = running };
        foreach (var item in items)
        {
            var shown = new ScrubbedItem { Name = item.Name, Checked = item.Checked, Total = item.Total, DoneAt = Times.OfOptional(item.DoneMs) };
            shown.Findings.AddRange(item.Findings);
            response.Items.Add(shown);
        }

        return response;
    }

    /// <summary>Starts a pass, unless one is under way.</summary>
    public void Start() => board.Start();
}
