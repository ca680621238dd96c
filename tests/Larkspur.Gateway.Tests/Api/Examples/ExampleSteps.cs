using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Authorizations;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Payments;
using Larkspur.Gateway.Tests.People.SignIn;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api.Examples;

/// <summary>What must have happened before an example can be sent, and no example does: mostly what people do on the platform.</summary>
internal static class ExampleSteps
{
    /// <summary>What is sent where a call takes a file.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>
    {
        ["UploadImage"] = Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
        ["UploadFile"] = "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"u8.ToArray(),
        ["UploadApprovalFile"] = "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"u8.ToArray(),
    };

    /// <summary>By the operation whose example comes after it.</summary>
    public static IReadOnlyDictionary<string, Func<ExampleRun, Task>> Before { get; } = new Dictionary<string, Func<ExampleRun, Task>>
    {
        ["DownloadResource"] = AnImageIsSentAsync,
        ["GetAnnouncement"] = TheGroupIsAnOldOneAsync,
        ["ChangeAnnouncement"] = TheGroupIsAnOldOneAsync,
        ["GetPayment"] = run => UntilAsync(run, "/payments/" + run.Real("pay_6b1f0c2d3e4f5a6b7c8d9e0f1a2b3c4d"), "\"pending\""),
        ["GetNotification"] = run => UntilAsync(run, "/notifications/" + run.Real("nt5b0c9e2f1d4a6b8c0e2f4a6b8c0d2e4f"), "\"sent\""),
        ["ApproveTask"] = run => AnApprovalWaitsAsync(run, "A1D31358-93AF-92D6-7425-01A5D67C4E01", "7301234567890120001"),
        ["RejectTask"] = run => AnApprovalWaitsAsync(run, "A1D31358-93AF-92D6-7425-01A5D67C4E02", "7301234567890120002"),
        ["TransferTask"] = run => AnApprovalWaitsAsync(run, "A1D31358-93AF-92D6-7425-01A5D67C4E03", "7301234567890120003"),
        ["AddSigners"] = run => AnApprovalWaitsAsync(run, "A1D31358-93AF-92D6-7425-01A5D67C4E04", "7301234567890120004"),
        ["RollBackTask"] = run => AnApprovalWaitsAsync(run, "A1D31358-93AF-92D6-7425-01A5D67C4E05", "7301234567890120005"),
        ["ResubmitTask"] = async run =>
            run.Means("7301234567890120006", await TaskAsync(run, run.Real("A1D31358-93AF-92D6-7425-01A5D67C4E05"), "alice")),
        ["PutCommand"] = async run => Done(await run.Gateway.Gateway.RestAsync(HttpMethod.Put, "/webhooks/hr",
            new { url = run.Gateway.Erp.Url, events = new[] { "command.called" } })),
        ["ListCommandCalls"] = async run =>
        {
            await run.Gateway.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "/ticket the lamp in room 4 flickers" });
            await UntilAsync(run, "/commands/ticket/calls", "\"called\"");
        },
        ["GetAuthorization"] = async run => run.Means(
            "https://larkspur.example.com/authorizations/au_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21", await LinkAsync(run)),
        ["CallInName"] = async run =>
        {
            using var browser = new SignInBrowser(run.Gateway.Gateway.Address, language: "en");
            var page = await AuthorizationFixture.AllowAsync(browser, await LinkAsync(run), "alice");
            Assert.True(page.Says("Authorised"), page.ToString());
        },
        ["HandOverApiKey"] = TwoAccountsAreKnownAsync,
        ["PutIdentityProvider"] = run =>
        {
            run.Means("https://id.mica.example/realms/company", run.Gateway.Idp.Issuer);
            return Task.CompletedTask;
        },
        ["ListPeople"] = TwoAccountsAreKnownAsync,
        ["ListDirectoryRuns"] = run => UntilAsync(run, $"/directory/runs/{run.Real(3301)}", "\"complete\""),
        ["DiscardDirectoryRun"] = run => TheRangeShrinksAsync(run, 3302),
        ["ApplyDirectoryRun"] = run => TheRangeShrinksAsync(run, 3303),
        ["PutWebhook"] = run =>
        {
            run.Means("https://erp.mica.example/larkspur", run.Gateway.Erp.Url);
            return Task.CompletedTask;
        },
        // Attempts are written after what they did.
        ["ShowWebhookDelivery"] = run =>
            UntilAsync(run, "/webhooks/erp/deliveries/" + run.Real("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"), "\"number\":1"),
        ["PutRobot"] = async run =>
        {
            var chat = (await run.Gateway.Emulator.StateAsync())["custom_bots"]![0]!["chat_id"]!.GetValue<string>();
            var bot = await run.Gateway.Emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat, name = "ops" });
            run.Means("https://open.feishu.cn/open-apis/bot/v2/hook/7a5e1c94-02bd-4f3a-9d61-5c8e0b7f2a46",
                new Uri(run.Gateway.Emulator.BaseUrl, bot["path"]!.GetValue<string>()).ToString());
        },
        ["ResendWebhookDelivery"] = run => UntilAsync(run, "/webhooks/erp/deliveries", "\"delivered\""),
        ["DeleteWebhook"] = run => UntilNotAsync(run, "/webhooks/erp/deliveries?state=waiting", "\"waiting\""),
        ["ListDeliveries"] = run => AMessageFailsAsync(run, 51207),
        ["GetDoctorReport"] = async run => Done(await run.Gateway.Gateway.PostRestAsync("/doctor/run", new { app = "default" })),
        ["ListInbox"] = AnEventFailsAsync,
        ["ListOutbox"] = async run =>
        {
            await AMessageFailsAsync(run, 51208);
            await AMessageFailsAsync(run, 51209);
        },
        ["PutSyncConnection"] = SyncSteps.TheSourceIsThereAsync,
        ["ListSyncs"] = run => UntilAsync(run, "/syncs/orders", "\"ready\""),
        ["PauseSync"] = run => UntilAsync(run, "/syncs/orders", "\"live\""),
        ["ListConflicts"] = run => SyncSteps.BothChangeAsync(run, "PO-2026-003", 3),
        ["DecideConflicts"] = run => SyncSteps.BothChangeAsync(run, "PO-2026-004", 4, 7102),
        ["ListSyncProblems"] = SyncSteps.AnOptionIsMissingAsync,
        ["ShowRowHistory"] = run => UntilAsync(run, "/syncs/orders/rows/PO-2026-003/history", "update"),
        ["DecideDeletions"] = SyncSteps.ManyAreDeletedAsync,
        ["VerifyAudit"] = async run => run.Means("4711:5f1d1c9e7a444c1b9d550f6c1a2b3c4d",
            (await run.Gateway.Gateway.GetRestAsync("/audit/verify")).Text("head")!),
    };

    /// <summary>Where Alice is asked for her word.</summary>
    private static async Task<string> LinkAsync(ExampleRun run) => (await run.Gateway.Gateway.GetRestAsync(
        "/authorizations/" + run.Real("au_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21"))).Text("url")!;

    /// <summary>Only groups of the older kind have such announcements.</summary>
    private static Task TheGroupIsAnOldOneAsync(ExampleRun run)
    {
        var group = run.Real("oc_5e8a1b2c3d4f60718293a4b5c6d7e8f9");
        run.Gateway.Emulator.State.ChangeChat(group, chat => chat with { HasOldAnnouncement = true });
        var revision = run.Gateway.Emulator.State.Chat(group)?.Announcement?.Revision ?? 1;
        run.Means("12", revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    private static async Task AnImageIsSentAsync(ExampleRun run)
    {
        var image = run.Real("img_v3_02ab_5f1d1c9e-7a44-4c1b-9d55-0f6c1a2b3c4d");
        var sent = await run.Gateway.Gateway.PostRestAsync("/messages?wait=15", new { to = new { user_id = "alice" }, image });
        run.Means("om_3b5d7f9183a5c7e9f1a3b5d7f9183a5c", sent.Text("message_id")!);
    }

    /// <summary>Alice asks for a payment, and Bob has it before him.</summary>
    private static async Task AnApprovalWaitsAsync(ExampleRun run, string instance, string task)
    {
        var made = Done(await run.Gateway.Gateway.PostRestAsync("/approvals/instances", new
        {
            approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" },
            form = new { payee = "Shenzhen Steel Ltd", amount = 1200.5 },
        }));
        var code = made.Text("instance_code")!;
        run.Means(instance, code);
        run.Means(task, await TaskAsync(run, code, "bob"));
    }

    /// <summary>The open task of somebody.</summary>
    private static async Task<string> TaskAsync(ExampleRun run, string instance, string who)
    {
        var instances = (await run.Gateway.Emulator.StateAsync())["approvals"]!["instances"]!.AsArray();
        var tasks = instances.Single(i => i!["instance_code"]!.GetValue<string>() == instance)!["tasks"]!.AsArray();
        var task = tasks.Single(t => t!["status"]!.GetValue<string>() == "PENDING" && t["user_id"]!.GetValue<string>() == who)!;
        return task["task_id"]!.GetValue<string>();
    }

    /// <summary>Alice is known by her account on Feishu, and somebody by one on DingTalk.</summary>
    private static async Task TwoAccountsAreKnownAsync(ExampleRun run)
    {
        var gateway = run.Gateway.Gateway;
        var alice = await gateway.GetOrCreateAsync(IdentityFixture.OnFeishu(WireIds.OpenId(EmulatorApp.AppId, "alice"), name: "艾丽丝"));
        var other = await gateway.GetOrCreateAsync(IdentityFixture.OnDingTalk("alice"));
        run.Means("pe_4d2c1b0a9f8e7d6c5b4a39281706f5e4", alice.Id);
        run.Means("pe_90817263544536271809a0b1c2d3e4f5", other.Id);
    }

    /// <summary>The app sees one person alone: the run asks before anybody is taken for gone.</summary>
    private static async Task TheRangeShrinksAsync(ExampleRun run, long shown)
    {
        await run.Gateway.Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "feishu", people = new[] { "alice" }, silent = true });
        var asked = await run.Gateway.Gateway.PostRestAsync("/directory/sync", new { platform = "feishu" });
        var id = asked.Body.GetProperty("runs")[0].GetProperty("id").GetInt64();
        await UntilAsync(run, $"/directory/runs/{id}", "\"waiting\"");
        run.Means(shown, id);
    }

    /// <summary>A message to a chat that there is not: a dead letter.</summary>
    private static async Task AMessageFailsAsync(ExampleRun run, long shown)
    {
        var message = new { to = new { chat_id = "oc_" + new string('f', 32) }, text = "Nobody reads this" };
        var failed = await run.Gateway.Gateway.PostRestAsync("/messages?wait=15", message);
        Assert.True(failed.Text("state") == "failed", failed.ToString());
        run.Means(shown, failed.Id);
    }

    /// <summary>A command that throws, each time: a dead letter.</summary>
    private static async Task AnEventFailsAsync(ExampleRun run)
    {
        await run.Gateway.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "/boom" });
        await UntilAsync(run, "/inbox?status=dead", "im.message.receive_v1");
    }

    public static RestAnswer Done(RestAnswer answer) =>
        answer.Status is >= 200 and < 300 ? answer : throw new InvalidOperationException(answer.ToString());

    /// <summary>Waits until an answer says something.</summary>
    public static Task UntilAsync(ExampleRun run, string path, string says) => run.Gateway.HoldsAsync(async () =>
        (await run.Gateway.Gateway.GetRestAsync(path)).ToString().Contains(says, StringComparison.Ordinal), $"{says} in {path}");

    /// <summary>Waits until an answer says something no more.</summary>
    private static Task UntilNotAsync(ExampleRun run, string path, string says) => run.Gateway.HoldsAsync(async () =>
        !(await run.Gateway.Gateway.GetRestAsync(path)).ToString().Contains(says, StringComparison.Ordinal), $"no {says} in {path}");
}
