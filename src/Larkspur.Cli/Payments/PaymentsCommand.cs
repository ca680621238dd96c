using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Payments;

/// <summary><c>larkspur payments</c>: have payments approved on the platform, and see how far they are.</summary>
internal static class PaymentsCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("payments", "Payments that are approved on the platform: submit, list, show, remind, cancel, reconcile.") { Submit(), List(), Show(), Remind(), Cancel(), Reconcile() };

    private static Verb Submit()
    {
        var number = new Argument<string?>("number") { Description = "The business system's own number.", Arity = ArgumentArity.ZeroOrOne };
        var amount = new Option<string?>("--amount") { Description = "Like 1200.50; every digit is kept." };
        var currency = new Option<string?>("--currency") { Description = "Like CNY." };
        var submitter = new Option<string?>("--submitter") { Description = $"Who asks for it: {Who.Help}." };
        var title = new Option<string?>("--title") { Description = "What it is for." };
        var payee = new Option<string?>("--payee") { Description = "Who gets the money." };
        var form = new ValueOptions("--field", "--form", "A control of the approval's form, by its id or name");
        var approvers = new Option<string[]>("--approver") { Description = "Who decides where the definition leaves it open; step=WHO where several steps do. May be given several times." };
        var webhook = new Option<string?>("--webhook") { Description = "The webhook that learns the decision. Default: all that want it." };
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        var body = new WholeBody();
        var verb = new Verb("submit", "Have a payment approved: durable once this returns, its approval is made once.",
            "larkspur payments submit PAY-1 --amount 1200.50 --currency CNY --submitter alice@mica.example --title Steel --form form.json --key PAY-1", "larkspur payments submit --body payment.json --key PAY-1")
        {
            number, amount, currency, submitter, title, payee, approvers, webhook, app, key.Option,
        };
        form.AddTo(verb);
        body.AddTo(verb, [number, amount, currency, submitter], [title, payee, approvers, webhook, app, .. form.All]);
        return verb.Asks(async call =>
        {
            var whole = await body.ReadAsync(call);
            var built = whole is null ? await BuiltAsync(call) : null;
            var payment = await key.OnceAsync(call, name => whole is not null
                ? WholeBody.SendAsync<PaymentView>(call, "payments", whole, name)
                : call.AskAsync((client, limited) => client.Payments.CreateAsync(built!, name, limited)), WholeBody.KeyIn(whole));
            return Told(call, payment, "Submitted");
        });

        async Task<CreatePayment> BuiltAsync(VerbCall call)
        {
            // The amount as a text: no digit is lost on the way.
            var built = new JsonObject
            {
                ["number"] = call.Get(number)!, ["amount"] = call.Get(amount), ["currency"] = call.Get(currency), ["submitter"] = Who.Person(call.Get(submitter)!), ["form"] = await form.ReadAsync(call) ?? [],
            };
            foreach (var (name, value) in ((string, string?)[])[("title", call.Get(title)), ("payee", call.Get(payee)), ("webhook", call.Get(webhook)), ("app", call.Get(app))])
            {
                if (value is not null) built[name] = value;
            }

            if (call.Get(approvers) is { Length: > 0 } deciders) built["approvers"] = Who.All(deciders, Who.Approver);
            return built.Deserialize<CreatePayment>()!;
        }
    }

    private static Verb List()
    {
        var state = new Option<string?>("--state") { Description = "Only those in this state." };
        state.AcceptOnlyFromAmong("submitting", "pending", "approved", "rejected", "canceled", "deleted", "reverted", "failed");
        var number = new Option<string?>("--number") { Description = "Only those of this number." };
        var limit = Limit.Option(20, "How many at most.");
        return new Verb("list", "Payments, the newest first.", "larkspur payments list --state pending") { state, number, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<PaymentView, string>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Payments.ListAsync(call.Get(state), call.Get(number), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Payment", p => p.Id), new("Number", p => p.Number), new("Amount", p => $"{p.Amount} {p.Currency}"), new("State", p => p.State), new("Since", p => PointInTime.Short(p.ChangedAt)),
                new("Title", p => p.Title)));
    }

    private static Verb Show()
    {
        var payment = PaymentNamed.Argument();
        return new Verb("show", "A payment with its time line, and what became of its webhook.", "larkspur payments show PAY-1") { payment }
            .Asks(async call =>
        {
            var id = await PaymentNamed.IdAsync(call, payment);
            PaymentPrint.Whole(call, await call.AskAsync((client, limited) => client.Payments.GetAsync(id, limited)));
            return ExitCodes.Done;
        });
    }

    private static Verb Remind()
    {
        var payment = PaymentNamed.Argument();
        var comment = new Option<string?>("--comment") { Description = "A word to them." };
        var key = new RepeatKey();
        return new Verb("remind", "Have the approval bot remind those whose decision is waited for.",
            "larkspur payments remind PAY-1 --comment \"by Friday, please\"") { payment, comment, key.Option }.Asks(async call =>
        {
            var id = await PaymentNamed.IdAsync(call, payment);
            var reminded = await key.OnceAsync(call, name =>
                call.AskAsync((client, limited) =>
                client.Payments.RemindAsync(id, new RemindPayment { Comment = call.Get(comment) }, name, limited)));
            if (call.Json) JsonOut.Write(reminded);
            else Console.Out.WriteLine(Printable.Line($"Reminded: {string.Join(", ", reminded.Reminded.Select(PersonTexts.NameOf))}"));
            return ExitCodes.Done;
        });
    }

    private static Verb Cancel()
    {
        var payment = PaymentNamed.Argument();
        return new Verb("cancel", "Withdraw a payment in its submitter's name; it is canceled once the platform has done it.",
            "larkspur payments cancel PAY-1") { payment }.Asks(async call =>
        {
            var id = await PaymentNamed.IdAsync(call, payment);
            return Told(call, await call.AskAsync((client, limited) => client.Payments.CancelAsync(id, limited)), "Withdrawal queued");
        });
    }

    private static Verb Reconcile() => new Verb("reconcile", "Compare the open payments with the platform now, instead of in a few minutes (docs/payments.md).", "larkspur payments reconcile").Asks(async call =>
    {
        var accepted = await call.AskAsync((client, limited) => client.Schedules.RunAsync("payments", limited));
        if (call.Json) JsonOut.Write(accepted);
        else Console.Out.WriteLine("The reconciliation runs; what it finds is in the payments' time lines.");
        return ExitCodes.Done;
    });

    private static int Told(VerbCall call, PaymentView payment, string what)
    {
        if (call.Json) JsonOut.Write(payment);
        else Console.Out.WriteLine(Printable.Line($"{what}: {payment.Id}, {payment.Number}, {payment.State}"));
        return ExitCodes.Done;
    }
}
