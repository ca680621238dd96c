using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>Local templates: typed variables, values that cannot break out, files that are refused with words.</summary>
public sealed class TemplateTests : IAsyncLifetime
{
    private const string Order = """
        {"name":"order","variables":{"number":{"type":"text","required":true},"total":{"type":"number","required":true},"note":{"type":"markdown"},
         "link":{"type":"url","default":"https://erp.example/"},"owner":{"type":"person"},"lines":{"type":"list","fields":{"item":{"type":"text","required":true},"count":{"type":"number"}}}},
         "strings":{"title":{"zh":"订单 ${number}","en":"Order ${number}"}},
         "message":{"title":"${strings.title}","status":"info","markdown":"**${number}** ${note} ${owner}",
          "facts":[{"label":{"zh":"合计","en":"Total"},"value":"${total}"},{"$each":"lines","$as":"line","$do":{"label":"${line.item}","value":"${line.count}"}}],
          "actions":[{"id":"open","label":"ERP","url":"${link}"},{"id":"track","label":"Track","url":"https://erp.example/track?order=${number}"}]}}
        """;

    private const string Raw = """
        {"name":"raw","variables":{"name":{"type":"text","required":true},"rows":{"type":"list","fields":{"who":{"type":"text"}}}},"strings":{"hi":{"zh":"你好","en":"Hello"}},
         "card":{"schema":"2.0","config":{"update_multi":true},"header":{"title":{"tag":"plain_text","content":"${name}"}},
          "body":{"elements":[{"tag":"markdown","content":"${strings.hi} ${name}"},{"$each":"rows","$do":{"tag":"markdown","content":"- ${item.who}"}}]}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-templates-").FullName;
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        await WriteAsync("order", Order);
        await WriteAsync("raw", Raw);
        await WriteAsync("bad", """{"name":"bad","variables":{"a":{"type":"colour"},"b":{"type":"number","default":"x"}},"message":{"title":"t"}}""");
        await WriteAsync("gap", """{"name":"gap","message":{"title":"${nobody}"}}""");
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Cards:Folder"] = _folder });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_template_is_sent_with_its_variables()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=20", new
        {
            to = new { user_id = "alice" },
            template = "order",
            variables = new { number = "PO-1", total = 3998.5, note = "*soon*", lines = new[] { new { item = "Monitor", count = 2 } } },
        });
        Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent + _gateway.Logs.Text);
        var shown = await _emulator.WaitForMessageAsync("from=app&contains=Monitor");
        Assert.Contains("PO-1", shown.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_cannot_inject_markup_or_structure()
    {
        const string Evil = "</at><at id=all></at> **x** [y](https://evil.example) \"}],\"tag\":\"button ${total} &q=1";
        var rendered = await _gateway.PostRestAsync("/cards/render", new { template = "order", variables = new { number = Evil, total = 1, note = "<at id=all></at> [a](javascript:alert(1))" } });
        Assert.True(rendered.Status == 200, rendered.ToString());
        var text = rendered.Body.GetProperty("card").GetRawText();
        Assert.True(CardValidator.Validate(text).IsValid);
        var markdown = Find(rendered.Body.GetProperty("card"), "markdown").First();
        Assert.DoesNotContain("<at", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("](https://evil", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("](javascript", markdown, StringComparison.Ordinal);
        Assert.Contains("order=" + Uri.EscapeDataString(Evil), text.Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);

        var raw = await _gateway.PostRestAsync("/cards/render", new { template = "raw", variables = new { name = Evil, rows = new[] { new { who = "<at id=all></at>" }, new { who = "Bob" } } } });
        Assert.True(raw.Status == 200, raw.ToString());
        var texts = Find(raw.Body.GetProperty("card"), "markdown").ToArray();
        Assert.Equal(3, texts.Length);
        Assert.All(texts, t => Assert.DoesNotContain("<at", t, StringComparison.Ordinal));
        Assert.Contains("\"en_us\"", raw.Body.GetProperty("card").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(Evil, raw.Body.GetProperty("card").GetProperty("header").GetProperty("title").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Variables_that_do_not_fit_are_told_all_at_once()
    {
        var refused = await _gateway.PostRestAsync("/messages", """
            {"to":{"user_id":"alice"},"template":"order","variables":{"total":"much","link":"javascript:x","colour":1,"lines":[{"count":"two"}]}}
            """);
        Assert.Equal((422, "bad_variables"), (refused.Status, refused.Error));
        var findings = refused.Body.GetProperty("findings").EnumerateArray().Select(f => (f.GetProperty("pointer").GetString(), f.GetProperty("rule").GetString())).ToArray();
        Assert.Contains(("/variables/number", "template.missing-variable"), findings);
        Assert.Contains(("/variables/total", "template.wrong-type"), findings);
        Assert.Contains(("/variables/link", "template.bad-url"), findings);
        Assert.Contains(("/variables/colour", "template.unknown-variable"), findings);
        Assert.Contains(("/variables/lines/0/item", "template.missing-variable"), findings);
        Assert.Contains(("/variables/lines/0/count", "template.wrong-type"), findings);

        var unknown = await _gateway.PostRestAsync("/messages", """{"to":{"user_id":"alice"},"template":"nobody","variables":{}}""");
        Assert.Equal((422, "unknown_template", "/template"), (unknown.Status, unknown.Error, unknown.Pointer));
    }

    [Fact]
    public async Task Thousands_of_wrong_variables_cost_a_short_answer()
    {
        var wrong = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"v{i}\":0"));
        var unknown = await _gateway.PostRestAsync("/cards/render", $$$"""{"template":"order","variables":{"number":"1","total":1,{{{wrong}}}}}""");
        Assert.Equal((422, "bad_variables", 20), (unknown.Status, unknown.Error, unknown.Body.GetProperty("findings").GetArrayLength()));
        var items = string.Join(',', Enumerable.Repeat("{}", 200));
        var missing = await _gateway.PostRestAsync("/cards/render", $$$"""{"template":"order","variables":{"number":"1","total":1,"lines":[{{{items}}}]}}""");
        Assert.Equal((422, 100), (missing.Status, missing.Body.GetProperty("findings").GetArrayLength()));
    }

    [Fact]
    public async Task Bad_files_are_refused_with_all_their_problems_and_a_mended_one_is_taken()
    {
        var list = (await _gateway.GetRestAsync("/cards/templates")).Body;
        Assert.Equal(["order", "raw"], list.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        var refused = list.GetProperty("refused").EnumerateArray().ToDictionary(r => r.GetProperty("file").GetString()!, r => r.GetProperty("problems").GetRawText());
        Assert.Contains("/variables/a/type", refused["bad.card.json"], StringComparison.Ordinal);
        Assert.Contains("/variables/b/default", refused["bad.card.json"], StringComparison.Ordinal);
        Assert.Contains("/message/title", refused["gap.card.json"], StringComparison.Ordinal);
        Assert.Contains("bad.card.json", _gateway.Logs.Text, StringComparison.Ordinal);

        await WriteAsync("gap", """{"name":"gap","message":{"title":"Now it has a title"}}""");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await _gateway.GetRestAsync("/cards/templates")).Body.GetProperty("items").EnumerateArray().Any(t => t.GetProperty("name").GetString() == "gap")) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    [Fact]
    public async Task Shipped_samples_are_good()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "cards"), "*.card.json"))
        {
            var problems = new List<Larkspur.Gateway.Cards.TemplateProblem>();
            Assert.NotNull(Larkspur.Gateway.Cards.CardTemplateReader.Read(Path.GetFileName(file), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), problems));
            Assert.Empty(problems);
        }
    }

    /// <summary>What they become is a card that the SDK's judge and the platform take, in both languages.</summary>
    [Fact]
    public async Task Shipped_samples_become_good_cards()
    {
        var variables = new Dictionary<string, object>
        {
            ["build-report"] = new
            {
                project = "larkspur", passed = 41, failed = 1, log_url = "https://ci.mica.example/42",
                    failures = new[] { new { test = "Parses", seconds = 1.5 } },
            },
            ["purchase-request"] = new
            {
                number = "PR-7", applicant = "alice", total = "CNY 1280.50", needed_by = "2026-12-24", reason = "**Urgent**",
                    order_url = "https://erp.mica.example/7",
                lines = new[] { new { item = "Monitor", count = 2 } },
            },
        };
        var samples = Path.Combine(Repository.Root, "samples", "cards");
        await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string,
            string?> { ["Larkspur:Cards:Folder"] = samples });
        foreach (var file in Directory.GetFiles(samples, "*.card.json"))
        {
            var name = Path.GetFileName(file)[..^".card.json".Length];
            var filled = variables[name];
            var rendered = await gateway.PostRestAsync("/cards/render", new { template = name, variables = filled });
            Assert.True(rendered.Status == 200, rendered.ToString());
            var report = CardValidator.Validate(rendered.Body.GetProperty("card").GetRawText(), new() { WillBeUpdated = true });
            Assert.True(report.Findings.Count == 0, $"{name}: {string.Join('\n', report.Findings)}");
            var sent = await gateway.PostRestAsync("/messages?wait=20",
                new { to = new { user_id = "alice" }, template = name, variables = filled });
            Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent + gateway.Logs.Text);
        }
    }

    [Fact]
    public async Task Cards_are_judged_and_imported()
    {
        var bad = await _gateway.PostRestAsync("/cards/validate", new { card = new { schema = "2.0", body = new { elements = new[] { new { tag = "buton" } } } } });
        Assert.False(bad.Body.GetProperty("valid").GetBoolean());
        Assert.StartsWith("/body/elements/0", bad.Body.GetProperty("findings")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
        var none = await _gateway.PostRestAsync("/cards/validate", new { card = "no json" });
        Assert.Equal((200, false), (none.Status, none.Body.GetProperty("valid").GetBoolean()));

        var import = await _gateway.PostRestAsync("/cards/import", new { card = new { header = new { title = new { tag = "plain_text", content = "Old" } }, elements = new[] { new { tag = "markdown", content = "text" } } } });
        Assert.Equal("2.0", import.Body.GetProperty("card").GetProperty("schema").GetString());
        var refused = await _gateway.PostRestAsync("/cards/import", new { card = "[]" });
        Assert.Equal((422, "not_a_card"), (refused.Status, refused.Error));
    }

    private Task WriteAsync(string name, string json) => File.WriteAllTextAsync(Path.Combine(_folder, name + ".card.json"), json);

    private static IEnumerable<string> Find(JsonElement element, string tag) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Find(e, tag)),
        JsonValueKind.Object when element.TryGetProperty("tag", out var name) && name.ValueEquals(tag) => [element.GetProperty("content").GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => Find(m.Value, tag)),
        _ => [],
    };
}
