using Larkspur.Gateway.Api;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Payments that somebody submitted and that are not decided.</summary>
internal sealed class OpenPayments(PaymentStore payments) : IHandoverPart
{
    public async ValueTask<IReadOnlyList<HandoverItem>> OfAsync(ISql sql, KnownPerson person)
    {
        var ids = new OwnIds(person, PlatformNames.Feishu);
        if (ids.IsEmpty) return [];
        var found = await payments.OpenOfAsync(sql, ids, IHandoverPart.Most);
        return [.. found.Select(ItemOf)];
    }

    private static HandoverItem ItemOf(Payment payment) => new(HandoverKinds.Payment, payment.Id,
        payment.Title is { } title ? $"{payment.Number} {title}" : payment.Number, payment.State, payment.CreatedAt)
    {
        Scope = ApiScopes.PaymentsRead, Owner = payment.Owner, App = payment.App,
    };
}
