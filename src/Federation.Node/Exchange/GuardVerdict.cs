namespace Federation.Node.Exchange;

/// <summary>The send guard's answer for the latest entry of a record.</summary>
internal enum GuardVerdict
{
    /// <summary>The entry goes out, and still shows exactly what the partner may see.</summary>
    Send,

    /// <summary>The entry is no longer right: the batch ends before it.</summary>
    Hold,
}
