using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur approvals</c> and <c>people</c>: an application through the hands of those who decide.</summary>
public sealed class ApprovalsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private static string Code => SeededCompany.PaymentApprovalCode;

    [Fact]
    public async Task An_instance_is_previewed_made_once_decided_handed_on_and_withdrawn()
    {
        (await fixture.RunAsync("approvals", "definitions", "show", Code)).Is(0, "transfer (银行转账)");
        string[] what = [Code, "--submitter", "alice", "--field", "payee=Steel Ltd", "--field", "amount:=12"];
        (await fixture.RunAsync(["approvals", "instances", "preview", .. what])).Is(0, "采购经理审批");
        var id = (await fixture.RunAsync(["approvals", "instances", "create", .. what, "--key", "r-1", "--json"])).Is(0).Json.GetProperty("instance_code").GetString()!;
        (await fixture.RunAsync(["approvals", "instances", "create", .. what, "--key", "r-1"])).Is(0, id);
        (await fixture.RunAsync(["approvals", "instances", "create", Code, "--submitter", "alice", "--field", "payee=Copper Ltd", "--field", "amount:=12", "--key", "r-1"])).Is(1, "key_in_use");
        Assert.Contains(id, (await fixture.RunAsync("approvals", "instances", "list", Code, "--json")).Is(0).Json.GetProperty("items").EnumerateArray().Select(c => c.GetString()));

        (await fixture.RunAsync("approvals", "instances", "comments", "add", id, "--user", "alice", "--text", "please hurry")).Is(0, "Commented: ");
        var alice = (await fixture.RunAsync("people", "lookup", "alice", "--json")).Is(0).Json.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString()!;
        (await fixture.RunAsync("approvals", "instances", "comments", "list", id, "--user", alice)).Is(0, "please hurry");
        (await fixture.RunAsync("approvals", "instances", "cc", id, "--user", "alice@mica.example", "--to", "carol@mica.example")).Is(0, "Copies sent: ");

        var task = await PendingAsync(id);
        (await fixture.RunAsync("approvals", "instances", "show", id)).Is(0, task);
        (await fixture.RunAsync("approvals", "tasks", "approve", task, "--instance", id, "--user", "bob@mica.example", "--comment", "fine")).Is(0, "Done: approve");
        (await fixture.RunAsync("approvals", "tasks", "approve", task, "--instance", id, "--user", "bob")).Is(1, "larkspur: ");
        (await fixture.RunAsync("approvals", "tasks", "transfer", await PendingAsync(id), "--instance", id, "--user", "carol", "--to", "alice")).Is(0, "Done: transfer");
        (await fixture.RunAsync("approvals", "instances", "cancel", id, "--user", "alice")).Is(0, "Canceled: " + id);
        Assert.Equal("CANCELED", (await fixture.RunAsync("approvals", "instances", "show", id, "--json")).Is(0).Json.GetProperty("status").GetString());
        (await fixture.RunAsync("approvals", "subscriptions", "show", Code)).Is(0, "active");
        // In somebody's name, and yet it is known who asked.
        (await fixture.RunAsync("audit", "list", "--what", "approval_task.approve")).Is(0, id);
    }

    [Fact]
    public async Task A_rejection_and_others_who_decide_too()
    {
        var body = fixture.Write("instance.json", $$$"""{"approval_code":"{{{Code}}}","submitter":{"user_id":"alice"},"form":{"payee":"Steel Ltd","amount":12}}""");
        var id = (await fixture.RunAsync("approvals", "instances", "create", "--body", body, "--json")).Is(0).Json.GetProperty("instance_code").GetString()!;
        (await fixture.RunAsync("approvals", "tasks", "add-sign", await PendingAsync(id), "--instance", id, "--user", "bob", "--with", "carol", "--where", "parallel")).Is(0, "Done: add-sign");
        (await fixture.RunAsync("approvals", "tasks", "reject", await PendingAsync(id), "--instance", id, "--user", "bob", "--comment", "too dear")).Is(0, "Done: reject");
        Assert.Equal("REJECTED", (await fixture.RunAsync("approvals", "instances", "show", id, "--json")).Is(0).Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(1, "unknown_approval_code", "definitions", "show", "00000000-0000-0000-0000-000000000000")]
    [InlineData(1, "larkspur: ", "instances", "show", "nothing")]
    [InlineData(2, "Give CODE, --submitter", "instances", "create")]
    [InlineData(2, "not JSON", "instances", "preview", "--body", "words.json")]
    [InlineData(2, "--instance", "tasks", "approve", "1")]
    [InlineData(2, "--form, --field", "tasks", "resubmit", "1", "--instance", "x", "--user", "alice")]
    [InlineData(1, "unknown_instance", "tasks", "approve", "1", "--instance", "nothing", "--user", "bob", "--approval-code", "none")]
    [InlineData(2, "is no person", "instances", "cancel", "x", "--user", "chat:oc_1")]
    public async Task What_is_refused_has_its_sentence_and_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("words.json", "no JSON at all");
        (await fixture.RunAsync(["approvals", .. arguments])).Is(code, sentence);
    }

    [Fact]
    public async Task People_are_found_however_they_are_named_and_nobody_is_guessed()
    {
        var run = (await fixture.RunAsync("people", "lookup", "alice@mica.example", "employee:M1003", "user:bob")).Is(0);
        foreach (var name in (string[])["Alice", "Carol", "Bob"]) Assert.Contains(name, run.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("people", "lookup", "alice@mica.example", "zoe@mica.example")).Is(1, "not found: zoe@mica.example (unknown)");
        Assert.Equal(1, (await fixture.RunAsync("people", "lookup", "zoe@mica.example", "--json")).Is(1).Json.GetProperty("unknown").GetArrayLength());
        (await fixture.RunAsync("people", "lookup", "role:1")).Is(2, "is no person");
    }

    private async Task<string> PendingAsync(string instance)
    {
        var tasks = (await fixture.RunAsync("approvals", "instances", "show", instance, "--json")).Is(0).Json.GetProperty("task_list");
        return tasks.EnumerateArray().First(t => t.GetProperty("status").GetString() == "PENDING").GetProperty("id").GetString()!;
    }
}
