using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Names of who did something with a payment, as far as the gateway knows them: the platform is not asked.</summary>
internal static class PaymentPeople
{
    /// <summary>Names by open id: of the submitter, and of whoever has written to the bot.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, string>> NamesAsync(
        ISql sql, Payment payment, IReadOnlyList<PaymentLine> lines)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (payment.Submitter is { OpenId: { } own, Name: { } name }) names[own] = name;
        foreach (var id in lines.Select(l => l.OpenId).OfType<string>().Distinct(StringComparer.Ordinal).Where(i => !names.ContainsKey(i)))
        {
            var identity = new PlatformIdentity(PlatformNames.Feishu, payment.App, "open_id", id);
            if (await PersonRows.NameAsync(sql, identity) is { Length: > 0 } known) names[id] = known;
        }

        return names;
    }
}
