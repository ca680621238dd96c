using System.Globalization;
using System.Text.Json;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// Holds what a system says of a payment against the form, which is what the approvers read: a decision on one sum must not be told of
/// another.
/// </summary>
internal static class PaymentForm
{
    private const string Payee = "payee";

    /// <summary>One of the form's sums is the payment's, and so is the payee, where the form has a control for it.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="form">As the platform takes it: <c>[{"id","type","value","currency"?}]</c>.</param>
    /// <param name="order">The payment.</param>
    /// <exception cref="RequestRefusedException"><c>amount_differs</c>, <c>payee_differs</c>.</exception>
    public static void Check(ApprovalDefinition definition, string form, PaymentOrder order)
    {
        using var document = JsonDocument.Parse(form);
        var given = document.RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!, StringComparer.Ordinal);
        var sums = definition.Controls.Where(c => c.Kind == ApprovalControlKind.Amount && given.ContainsKey(c.Id)).ToArray();
        if (sums.Length > 0 && !sums.Any(c => IsSum(c, given[c.Id], order)))
            throw RequestRefusedException.Impossible("amount_differs", "/amount",
                $"The form that is approved has no sum of {order.Amount} {order.Currency}.");

        if (order.Payee is not { } payee) return;
        foreach (var control in definition.Controls.Where(IsPayee))
        {
            if (!given.TryGetValue(control.Id, out var told)) continue;
            if (told.GetProperty("value") is not { ValueKind: JsonValueKind.String } value) continue;
            if (!string.Equals(value.GetString()!.Trim(), payee.Trim(), StringComparison.Ordinal))
                throw RequestRefusedException.Impossible("payee_differs", "/payee", "The form that is approved names another payee.");
        }
    }

    private static bool IsSum(ApprovalControl control, JsonElement given, PaymentOrder order)
    {
        var currency = given.TryGetProperty("currency", out var told) && told.ValueKind == JsonValueKind.String
            ? told.GetString() : control.DefaultCurrency;
        if (currency is not null && !string.Equals(currency, order.Currency, StringComparison.OrdinalIgnoreCase)) return false;
        return decimal.TryParse(given.GetProperty("value").ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var sum)
            && sum == decimal.Parse(order.Amount, CultureInfo.InvariantCulture);
    }

    private static bool IsPayee(ApprovalControl control) => string.Equals(control.CustomId, Payee, StringComparison.OrdinalIgnoreCase)
        || string.Equals(control.Id, Payee, StringComparison.OrdinalIgnoreCase)
        || string.Equals(control.Name, Payee, StringComparison.OrdinalIgnoreCase) || control.Name is "收款人" or "收款方";
}
