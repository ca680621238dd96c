namespace Larkspur.Gateway.Approvals;

/// <summary>By what something about a payment was learned.</summary>
internal static class PaymentSource
{
    /// <summary>The business system asked for it.</summary>
    public const string Request = "request";

    /// <summary>The answer to the call that makes the instance.</summary>
    public const string Create = "create";

    /// <summary>An event, and the look at the instance that followed it.</summary>
    public const string Event = "event";

    /// <summary>A look that nothing had asked for: the answer or the event had been missed.</summary>
    public const string Reconciliation = "reconciliation";

    /// <summary>An operator's action in the outbox.</summary>
    public const string Operator = "operator";
}
