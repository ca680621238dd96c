using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Payments;

/// <summary>A payment as somebody names it: by our id, or by the business system's number, which people have at hand.</summary>
internal static class PaymentNamed
{
    private const string Prefix = "pay_";
    private const int Told = 5;

    public static Argument<string> Argument() => Named.Argument("payment", "The payment: its number, like PAY-1, or its id, pay_…");

    /// <summary>Its id.</summary>
    /// <exception cref="CallFailure">There is none, or several have the number.</exception>
    public static async Task<string> IdAsync(VerbCall call, Argument<string> argument)
    {
        var named = call.Get(argument);
        if (named.StartsWith(Prefix, StringComparison.Ordinal)) return named;
        var found = await call.AskAsync((client, limited) => client.Payments.ListAsync(null, named, null, Told, limited));
        return found.Items switch
        {
            [] => throw new CallFailure(ExitCodes.Refused,
                $"there is no payment with the number {named}: larkspur payments list has those of this key.") { Word = "no_payment" },
            [var one] => one.Id,
            _ => throw new CallFailure(ExitCodes.Refused,
                $"several payments have the number {named}; name one by its id:{string.Concat(found.Items.Select(Line))}{(found.Next is null ? "" : "\n  …")}"),
        };
    }

    private static string Line(PaymentView payment) =>
        $"\n  {payment.Id}  {payment.Amount} {payment.Currency}  {payment.State}  {PointInTime.Shown(payment.CreatedAt)}  {payment.Title}";
}
