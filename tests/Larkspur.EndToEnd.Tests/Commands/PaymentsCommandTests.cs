namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur payments</c>: a payment from its number to its webhook.</summary>
public sealed class PaymentsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private static string[] Submit(string number, params string[] more) =>
        ["payments", "submit", number, "--amount", "1200.50", "--currency", "CNY", "--submitter", "alice@mica.example", "--field", "payee=Steel Ltd", "--field", "amount:=1200.5", "--field", "method=transfer", .. more];

    [Fact]
    public async Task A_payment_is_made_once_seen_with_its_time_line_and_withdrawn()
    {
        var made = (await fixture.RunAsync(Submit("PAY-1", "--title", "Steel", "--key", "PAY-1", "--json"))).Is(0);
        var id = made.Json.GetProperty("id").GetString()!;
        Assert.Equal("1200.50", made.Json.GetProperty("amount").GetString());
        (await fixture.RunAsync(Submit("PAY-1", "--title", "Steel", "--key", "PAY-1"))).Is(0, "Submitted: " + id);
        (await fixture.RunAsync(Submit("PAY-1", "--title", "Copper", "--key", "PAY-1"))).Is(1, "key_in_use");

        await fixture.UntilAsync(run => run.Json.GetProperty("state").GetString() == "pending", "payments", "show", id);
        (await fixture.RunAsync("payments", "list", "--state", "pending", "--number", "PAY-1")).Is(0, "1200.50 CNY  pending");
        (await fixture.RunAsync("payments", "remind", id, "--comment", "by Friday", "--key", "nudge-1")).Is(0, "Reminded: ");
        (await fixture.RunAsync("payments", "reconcile")).Is(0, "The reconciliation runs");
        (await fixture.RunAsync("payments", "cancel", id)).Is(0, "Withdrawal queued: " + id);
        await fixture.UntilAsync(run => run.Json.GetProperty("state").GetString() == "canceled", "payments", "show", id);
        (await fixture.RunAsync("payments", "show", id)).Is(0, "cancel_requested");
        (await fixture.RunAsync("payments", "cancel", id)).Is(1, "already_decided");
    }

    [Fact]
    public async Task A_payment_is_found_by_its_number_and_several_of_one_number_are_told_apart()
    {
        var id = (await fixture.RunAsync(Submit("PAY-N1", "--key", "PAY-N1", "--json"))).Is(0).Json.GetProperty("id").GetString()!;
        (await fixture.RunAsync("payments", "show", "PAY-N1")).Is(0, id);
        Assert.Equal(id, (await fixture.RunAsync("payments", "show", "PAY-N1", "--json")).Is(0).Json.GetProperty("id").GetString());
        await fixture.UntilAsync(run => run.Json.GetProperty("state").GetString() == "pending", "payments", "show", "PAY-N1");
        (await fixture.RunAsync("payments", "remind", "PAY-N1")).Is(0, "Reminded: ");

        var other = (await fixture.RunAsync(Submit("PAY-N1", "--key", "PAY-N1-again", "--json"))).Is(0).Json.GetProperty("id").GetString()!;
        foreach (var verb in (string[])["show", "remind", "cancel"])
        {
            var several = (await fixture.RunAsync("payments", verb, "PAY-N1")).Is(1, "several payments have the number PAY-N1");
            Assert.Contains(id, several.Errors, StringComparison.Ordinal);
            Assert.Contains(other, several.Errors, StringComparison.Ordinal);
        }

        (await fixture.RunAsync("payments", "cancel", other)).Is(0, "Withdrawal queued: " + other);
        (await fixture.RunAsync("payments", "show", "PAY-NOBODY")).Is(1, "there is no payment with the number PAY-NOBODY");
    }

    [Fact]
    public async Task Pages_are_read_as_far_as_somebody_wants_them()
    {
        foreach (var number in (string[])["PAY-A", "PAY-B", "PAY-C"]) (await fixture.RunAsync(Submit(number, "--key", number))).Is(0);
        var two = (await fixture.RunAsync("payments", "list", "--limit", "2", "--json")).Is(0).Json;
        Assert.Equal((2, true), (two.GetProperty("items").GetArrayLength(), two.GetProperty("more").GetBoolean()));
        (await fixture.RunAsync("payments", "list", "--limit", "2")).Is(0, "There are more");
        Assert.False((await fixture.RunAsync("payments", "list", "--number", "PAY-B", "--json")).Is(0).Json.GetProperty("more").GetBoolean());
    }

    [Theory]
    [InlineData(1, "/amount: ", "submit", "PAY-9", "--amount", "12x", "--currency", "CNY", "--submitter", "alice", "--field", "payee=x")]
    [InlineData(1, "\"金额\" (widget", "submit", "PAY-9", "--amount", "12", "--currency", "CNY", "--submitter", "alice", "--field", "payee=x")]
    [InlineData(1, "unknown_person", "submit", "PAY-9", "--amount", "12", "--currency", "CNY", "--submitter", "zoe@mica.example", "--form", "form.json")]
    [InlineData(1, "unknown_webhook", "submit", "PAY-9", "--amount", "12", "--currency", "CNY", "--submitter", "alice", "--form", "form.json", "--webhook", "nobody")]
    [InlineData(2, "is no person", "submit", "PAY-9", "--amount", "12", "--currency", "CNY", "--submitter", "oc_1")]
    [InlineData(2, "Give --currency, --submitter", "submit", "PAY-9", "--amount", "12")]
    [InlineData(2, "/numbr: ", "submit", "--body", "misspelt.json")]
    [InlineData(1, "There is no such payment", "show", "pay_0")]
    [InlineData(2, "lost", "list", "--state", "lost")]
    public async Task What_is_refused_names_the_field_and_has_its_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("form.json", """{"payee":"Steel Ltd","amount":12,"method":"transfer"}""");
        fixture.Write("misspelt.json", """{"numbr":"PAY-9","number":"PAY-9","amount":"12","currency":"CNY","submitter":{"user_id":"alice"},"form":{"payee":"x","amount":12}}""");
        (await fixture.RunAsync(["payments", .. arguments])).Is(code, sentence);
    }

    [Fact]
    public async Task Nobody_there_and_a_wrong_key_are_said_apart()
    {
        var nobody = (await Cli.RunAsync(Submit("PAY-8", "--key", "mine"), fixture.Folder, GatewayProcess.FreeAddress().ToString())).Is(3, "cannot be reached");
        Assert.Contains("with --key mine it is not done twice", nobody.Errors, StringComparison.Ordinal);
        (await fixture.RunAsync(Submit("PAY-8"), null, key: "a-wrong-key-0123456789")).Is(3, "does not take this LARKSPUR_API_KEY");
        (await fixture.RunAsync(Submit("PAY-8"), null, key: "")).Is(3, "or set LARKSPUR_API_KEY");
    }
}
