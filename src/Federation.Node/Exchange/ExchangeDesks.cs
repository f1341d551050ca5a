namespace Federation.Node.Exchange;

/// <summary>Who answers partners' calls.</summary>
internal sealed record ExchangeDesks(
    ContactDesk Contacts, ReceiptDesk Receipts, TreeDesk Trees, EntryDesk Entries, EvidenceDesk Evidence, EchoDesk Echoes, HolderDesk Holders);
