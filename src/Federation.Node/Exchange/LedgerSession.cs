using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>What this life of the process knows of one partner's ledger beyond what is stored.</summary>
internal sealed class LedgerSession
{
    private readonly Lock gate = new();

    // Guarded by the gate.
    private CancellationTokenSource? stream;
    private long timeFloorMs;
    private long lastReceiptTimestamp;
    private bool receiptTaken;
    private long lastRepairTimestamp;
    private bool repairTaken;
    private long lastEvidenceTimestamp;
    private bool evidenceTaken;
    private bool echoing;
    private ulong delivered;
    private SignedTip? tip;
    private bool liveSetDiffers;
    private IReadOnlyList<Digest> told = [];

    /// <summary>No head is dated before this: the latest time that the partner is known to hold under a head of this ledger.</summary>
    public long TimeFloorMs
    {
        get
        {
            lock (gate)
                return timeFloorMs;
        }
    }

    /// <summary>The size up to which batches were handed to the transport.</summary>
    public ulong Delivered
    {
        get
        {
            lock (gate)
                return delivered;
        }
    }

    /// <summary>The community lists that the partner was told of at its latest contact.</summary>
    public IReadOnlyList<Digest> Told
    {
        get
        {
            lock (gate)
                return told;
        }
        set
        {
            lock (gate)
                told = value;
        }
    }

    /// <summary>Whether a stream is running.</summary>
    public bool Connected
    {
        get
        {
            lock (gate)
                return stream is not null;
        }
    }

    /// <summary>The last head that was signed at the tip; null if none was yet.</summary>
    public SignedTip? Tip
    {
        get
        {
            lock (gate)
                return tip;
        }
    }

    /// <summary>Whether the partner's last receipt at the tip names other live entries than the head there.</summary>
    public bool LiveSetDiffers
    {
        get
        {
            lock (gate)
                return liveSetDiffers;
        }
    }

    /// <summary>Notes a head that was signed at the tip.</summary>
    public void NoteTip(SignedTip signed)
    {
        lock (gate)
            tip = signed;
    }

    /// <summary>Notes whether a receipt at the tip names other live entries; true if that is news.</summary>
    public bool NoteLiveSet(bool differs)
    {
        lock (gate)
        {
            var news = differs && !liveSetDiffers;
            liveSetDiffers = differs;
            return news;
        }
    }

    /// <summary>Raises the floor of head times.</summary>
    public void RaiseTimeFloor(long timeMs)
    {
        lock (gate)
            timeFloorMs = Math.Max(timeFloorMs, timeMs);
    }

    /// <summary>Notes that a batch was handed to the transport.</summary>
    public void NoteDelivered(ulong size)
    {
        lock (gate)
            delivered = Math.Max(delivered, size);
    }

    /// <summary>Forgets what belongs to an incarnation that has ended, and ends its stream. Times never go back, so that their floor stays.</summary>
    public void Restart()
    {
        CancellationTokenSource? old;
        lock (gate)
        {
            old = stream;
            delivered = 0;
            tip = null;
            liveSetDiffers = false;
        }

        old?.Cancel();
    }

    /// <summary>Begins a stream; an older one of the same partner is cancelled.</summary>
    public CancellationTokenSource BeginStream(CancellationToken callerGone)
    {
        var next = CancellationTokenSource.CreateLinkedTokenSource(callerGone);
        CancellationTokenSource? old;
        lock (gate)
        {
            old = stream;
            stream = next;
        }

        old?.Cancel();
        return next;
    }

    /// <summary>Ends a stream; true if no newer one has taken its place.</summary>
    public bool EndStream(CancellationTokenSource ended)
    {
        lock (gate)
        {
            if (stream != ended)
                return false;
            stream = null;
            return true;
        }
    }

    /// <summary>Whether entries may be shown again now; counts it if so.</summary>
    public bool TryTakeRepair(TimeProvider time)
    {
        lock (gate)
        {
            if (repairTaken && time.GetElapsedTime(lastRepairTimestamp) < ExchangeLimits.RepairEvery)
                return false;
            repairTaken = true;
            lastRepairTimestamp = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Whether evidence may be taken now; counts it if so. To check it costs more than any other call.</summary>
    public bool TryTakeEvidence(TimeProvider time)
    {
        lock (gate)
        {
            if (evidenceTaken && time.GetElapsedTime(lastEvidenceTimestamp) < ExchangeLimits.EvidenceTakenEvery)
                return false;
            evidenceTaken = true;
            lastEvidenceTimestamp = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Whether an echo may begin: one at a time.</summary>
    public bool TryBeginEcho()
    {
        lock (gate)
            return !echoing && (echoing = true);
    }

    /// <summary>Ends an echo.</summary>
    public void EndEcho()
    {
        lock (gate)
            echoing = false;
    }

    /// <summary>Whether a receipt may be taken now; counts it if so.</summary>
    public bool TryTakeReceipt(TimeProvider time)
    {
        lock (gate)
        {
            if (receiptTaken && time.GetElapsedTime(lastReceiptTimestamp) < ExchangeLimits.ReceiptTakenEvery)
                return false;
            receiptTaken = true;
            lastReceiptTimestamp = time.GetTimestamp();
            return true;
        }
    }
}
