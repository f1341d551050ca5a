namespace Federation.Node.Tests.Storage;

/// <summary>The ways in which a write can fail.</summary>
internal enum StoreFault
{
    /// <summary>The write was not done, and may be repeated: the disk was full.</summary>
    FailedAndNotPersisted,

    /// <summary>The write was done, and the process ended before it heard of it.</summary>
    FailedButPersisted,

    /// <summary>The write was not done, and the process ended.</summary>
    DiedBefore,
}
