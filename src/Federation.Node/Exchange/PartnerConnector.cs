using Federation.Node.Partners;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>Gives the way to call a partner; each attempt asks anew, so that a changed address or key is used at once.</summary>
internal delegate CallInvoker PartnerConnector(Partner partner);
