namespace Federation.Node.Storage;

/// <summary>What an object of a piece of evidence is; the numbers are part of the schema and of the protocol.</summary>
internal enum EvidenceKind : byte
{
    /// <summary>Kept by a program that did not say.</summary>
    Unspecified = 0,

    /// <summary>The last head that was verified and stored before the fault.</summary>
    HeldHead = 1,

    /// <summary>The head that was shown with the fault.</summary>
    PresentedHead = 2,

    /// <summary>The head in the answer to Hello, which a later one contradicts.</summary>
    ContactHead = 3,

    /// <summary>An answer to Hello as received.</summary>
    Hello = 4,

    /// <summary>A batch as received.</summary>
    Batch = 5,

    /// <summary>A receipt.</summary>
    Receipt = 6,

    /// <summary>A head that this node signed.</summary>
    OwnHead = 7,

    /// <summary>A statement and what binds its originator to it.</summary>
    Statement = 8,

    /// <summary>What a check of what is stored found, in words.</summary>
    Finding = 9,

    /// <summary>An answer to a question about the ledger, as received.</summary>
    Answer = 10,
}
