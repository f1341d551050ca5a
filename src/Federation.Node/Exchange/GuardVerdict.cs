namespace Federation.Node.Exchange;

/// <summary>The send guard's answer for one entry.</summary>
internal enum GuardVerdict
{
    /// <summary>Only the hash goes out: a later entry of the record exists, or the record was never sent.</summary>
    Opaque,

    /// <summary>The entry goes out, and still shows exactly what the partner may see.</summary>
    Send,

    /// <summary>The entry is its record's latest and no longer right: the batch ends before it.</summary>
    Hold,
}
