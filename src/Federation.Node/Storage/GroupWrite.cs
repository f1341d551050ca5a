using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Gives a group its members.</summary>
internal sealed record GroupWrite(string Name, IReadOnlyList<InstituteId> Members, string Author, long NowMs);
