using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>A payment as it is asked for: read and judged as far as that needs nobody else.</summary>
internal sealed record PaymentOrder
{
    public required string Number { get; init; }

    public string? Title { get; init; }

    public required string Amount { get; init; }

    public required string Currency { get; init; }

    public string? Payee { get; init; }

    public required ApplicantName Submitter { get; init; }

    public required IReadOnlyList<ChosenApprover> Approvers { get; init; }

    public required JsonElement Form { get; init; }

    public string? Webhook { get; init; }

    /// <summary>The app that asks the platform, by its configured name; null: the default one.</summary>
    public string? App { get; init; }

    public required string Key { get; init; }

    /// <summary>Of everything that was asked for.</summary>
    public required string Hash { get; init; }

    /// <param name="sent">As it was sent.</param>
    /// <param name="key">The caller's name for it.</param>
    /// <param name="hash">Of everything that was asked for.</param>
    /// <exception cref="RequestRefusedException">Something cannot be so.</exception>
    public static PaymentOrder Of(CreatePayment sent, string key, string hash) => new()
    {
        Key = key, Hash = hash, Number = sent.Number, Title = sent.Title, Amount = AmountOf(sent.Amount),
        Currency = CurrencyOf(sent.Currency),
        Payee = sent.Payee, Submitter = ApplicantName.Of(sent.Submitter, "/submitter"), Approvers = ChosenApprover.Of(sent.Approvers),
        Form = sent.Form.ValueKind == JsonValueKind.Object ? sent.Form
            : throw BodyRefusals.Wrong("/form", "an object of the form's controls and their values"),
        Webhook = sent.Webhook, App = sent.App,
    };

    private static string AmountOf(JsonElement given)
    {
        const string at = "/amount";
        var text = given.ValueKind switch
        {
            JsonValueKind.Number => given.GetRawText(),
            JsonValueKind.String => given.GetString()!,
            _ => throw BodyRefusals.Wrong(at, "a number, or a text that holds one"),
        };
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        if (text.Length > 30 || !decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var amount))
            throw RequestRefusedException.Impossible("bad_amount", at, "It must be a decimal number like 1234.50, without signs, blanks or exponent.");
        if (amount <= 0) throw RequestRefusedException.Impossible("bad_amount", at, "A payment is more than nothing.");
        return text;
    }

    private static string CurrencyOf(string currency) => currency.Length == 3 && currency.All(char.IsAsciiLetterUpper) ? currency
        : throw RequestRefusedException.Impossible("bad_currency", "/currency",
            "A currency has three capital letters (ISO 4217), like CNY.");
}

/// <summary>Somebody who is to decide.</summary>
/// <param name="Node">The step, by its id, custom id or name; null: the only one that takes approvers.</param>
/// <param name="Person">Who.</param>
/// <param name="Pointer">Where it stands in the request.</param>
internal sealed record ChosenApprover(string? Node, ApplicantName Person, string Pointer)
{
    /// <summary>Those of a body's <c>approvers</c>.</summary>
    public static IReadOnlyList<ChosenApprover> Of(IReadOnlyList<PaymentApprover>? list) =>
        [.. (list ?? []).Select((one, i) => new ChosenApprover(one.Node, ApplicantName.Of(one, $"/approvers/{i}"), $"/approvers/{i}"))];
}
