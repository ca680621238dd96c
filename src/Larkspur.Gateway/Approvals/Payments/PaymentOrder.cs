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
    private const int MostApprovers = 100;

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

    /// <exception cref="RequestRefusedException">Something is missing, unknown or of a wrong type.</exception>
    public static PaymentOrder Read(HttpRequest request, JsonFields body)
    {
        var hash = body.Hash();
        var order = new PaymentOrder
        {
            Key = IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)),
            Hash = hash,
            Number = body.Need("number", body.Text("number", 100)),
            Title = body.Text("title", 200),
            Amount = AmountOf(body),
            Currency = CurrencyOf(body),
            Payee = body.Text("payee", 200),
            Submitter = ApplicantName.Read(body.Object("submitter") ?? throw RequestRefusedException.Malformed("missing", body.At("submitter"), "\"submitter\" is missing."), body.At("submitter")),
            Approvers = ApproversOf(body),
            Form = FormOf(body),
            Webhook = body.Text("webhook", 40),
            App = body.Text("app", 64),
        };
        body.End();
        return order;
    }

    private static string AmountOf(JsonFields body)
    {
        var at = body.At("amount");
        var text = body.Any("amount") switch
        {
            null => throw RequestRefusedException.Malformed("missing", at, "\"amount\" is missing."),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } given => JsonFields.TextOf(given, at),
            _ => throw RequestRefusedException.Malformed("wrong_type", at, "It must be a number, or a text that holds one."),
        };
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        if (text.Length > 30 || !decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var amount))
            throw RequestRefusedException.Impossible("bad_amount", at, "It must be a decimal number like 1234.50, without signs, blanks or exponent.");
        if (amount <= 0) throw RequestRefusedException.Impossible("bad_amount", at, "A payment is more than nothing.");
        return text;
    }

    private static string CurrencyOf(JsonFields body)
    {
        var currency = body.Need("currency", body.Text("currency", 10));
        return currency.Length == 3 && currency.All(char.IsAsciiLetterUpper) ? currency
            : throw RequestRefusedException.Impossible("bad_currency", body.At("currency"), "A currency has three capital letters (ISO 4217), like CNY.");
    }

    private static JsonElement FormOf(JsonFields body)
    {
        var at = body.At("form");
        var form = body.Any("form") ?? throw RequestRefusedException.Malformed("missing", at, "\"form\" is missing.");
        return form.ValueKind == JsonValueKind.Object ? form : throw RequestRefusedException.Malformed("wrong_type", at, "It must be an object of the form's controls and their values.");
    }

    private static IReadOnlyList<ChosenApprover> ApproversOf(JsonFields body)
    {
        var at = body.At("approvers");
        if (body.Any("approvers") is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array) throw RequestRefusedException.Malformed("wrong_type", at, "It must be a list of people.");
        if (list.GetArrayLength() > MostApprovers) throw RequestRefusedException.Impossible("too_many", at, $"There may be {MostApprovers} of them.");
        return [.. list.EnumerateArray().Select((person, i) =>
        {
            var pointer = $"{at}/{i}";
            var fields = JsonFields.Of(person, pointer);
            var node = fields.Text("node", 100);
            return new ChosenApprover(node, ApplicantName.Read(fields, pointer), pointer);
        })];
    }
}

/// <summary>Somebody who is to decide.</summary>
/// <param name="Node">The step, by its id, custom id or name; null: the only one that takes approvers.</param>
/// <param name="Person">Who.</param>
/// <param name="Pointer">Where it stands in the request.</param>
internal sealed record ChosenApprover(string? Node, ApplicantName Person, string Pointer);
