using System.Text.Json.Nodes;
using Larkspur.Emulator.Tests.Im;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Docs;

/// <summary>Documents over the platform's API: who may do what, which blocks are taken, what is refused with which code.</summary>
public sealed class DocumentTests : ImTest
{
    private const string Docs = "/open-apis/docx/v1/documents";

    [Fact]
    public async Task Reading_needs_a_right_and_each_lack_has_its_code()
    {
        Assert.Contains("650", (await CallAsync(HttpMethod.Get, $"{Docs}/{SeededDocuments.TravelPolicy}/raw_content")).Data["content"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((404, 1770002), await CodeAsync(HttpMethod.Get, $"{Docs}/DoxcNothingHereAtAllMica001"));
        var secret = await SeedAsync(new { title = "x", apps = Array.Empty<string>() });
        Assert.Equal((403, 1770032), await CodeAsync(HttpMethod.Get, $"{Docs}/{secret}/blocks"));
        Assert.Equal((403, 1063002), await CodeAsync(HttpMethod.Get, $"/open-apis/drive/v1/permissions/{secret}/members?type=docx"));
        Assert.Equal((403, 1063002), await CodeAsync(HttpMethod.Get, $"/open-apis/drive/v2/permissions/{secret}/public?type=docx"));
        Assert.Equal((400, 1063001), await CodeAsync(HttpMethod.Get, $"/open-apis/drive/v1/permissions/{secret}/members?type=sheet"));
        await Emulator.ControlAsync(HttpMethod.Patch, "documents/" + secret, new { deleted = true });
        Assert.Equal((400, 1770003), await CodeAsync(HttpMethod.Get, $"{Docs}/{secret}/blocks"));
        Assert.Equal((404, 1063005), await CodeAsync(HttpMethod.Get, $"/open-apis/drive/v1/permissions/{secret}/members?type=docx"));

        // A person's token is that person's right.
        var (alice, bob) = (await UserTokenAsync("alice"), await UserTokenAsync("bob"));
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, $"{Docs}/{SeededDocuments.Salary}", token: alice)).Status);
        Assert.Equal((403, 1770032), await CodeAsync(HttpMethod.Get, $"{Docs}/{SeededDocuments.Salary}", token: bob));
    }

    [Fact]
    public async Task Blocks_are_made_where_and_as_they_may_be()
    {
        var document = await NewAsync();
        var children = $"{Docs}/{document}/blocks/{document}/children";
        var made = await CallAsync(HttpMethod.Post, children, new { children = new object[] { Line(3, "heading1", "Title"), Line(12, "bullet", "one"), new { block_type = 22, divider = new { } } } });
        Assert.Equal([3, 12, 22], made.Data["children"]!.AsArray().Select(b => b!["block_type"]!.GetValue<int>()));
        var bullet = made.Data["children"]![1]!["block_id"]!.GetValue<string>();
        await CallAsync(HttpMethod.Post, $"{Docs}/{document}/blocks/{bullet}/children", new { children = new[] { Line(12, "bullet", "under one") } });
        await CallAsync(HttpMethod.Post, children, new { index = 0, children = new[] { Line(2, "text", "first") } });
        var all = (await CallAsync(HttpMethod.Get, $"{Docs}/{document}/blocks")).Data["items"]!.AsArray();
        Assert.Equal([1, 2, 3, 12, 12, 22], all.Select(b => b!["block_type"]!.GetValue<int>()));
        Assert.Equal("Plan\nfirst\nTitle\none\nunder one\n", (await CallAsync(HttpMethod.Get, $"{Docs}/{document}/raw_content")).Data["content"]!.GetValue<string>());

        var divider = made.Data["children"]![2]!["block_id"]!.GetValue<string>();
        Assert.Equal((400, 1770028), await CodeAsync(HttpMethod.Post, $"{Docs}/{document}/blocks/{divider}/children", new { children = new[] { Line(2, "text", "x") } }));
        Assert.Equal((404, 1770002), await CodeAsync(HttpMethod.Post, $"{Docs}/{document}/blocks/doxnone/children", new { children = new[] { Line(2, "text", "x") } }));
        foreach (var (block, code) in ((object, long)[])
        [
            (new { block_type = 1, page = new { elements = Array.Empty<object>() } }, 1770029), (new { block_type = 32, table_cell = new { } }, 1770029), (new { block_type = 999 }, 1770029),
            (Line(2, "bullet", "x"), 1770006), (new { block_type = 2, text = new { elements = Array.Empty<object>() } }, 1770006),
            (new { block_type = 2, text = new { elements = new[] { new { mention_user = new { user_id = "ou_x" } } } } }, 1770024),
            (new { block_type = 2, text = new { elements = new[] { new { text_run = new { content = "x", text_element_style = new { link = new { url = "javascript:x" } } } } } } }, 1770001),
        ])
        {
            Assert.Equal((400, code), await CodeAsync(HttpMethod.Post, children, new { children = new[] { block } }));
        }

        Assert.Equal((400, 1770001), await CodeAsync(HttpMethod.Post, children, new { index = 99, children = new[] { Line(2, "text", "x") } }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, children, new { children = Enumerable.Repeat(Line(2, "text", "x"), 51) }));
        Assert.Equal((403, 1770032), await CodeAsync(HttpMethod.Post, $"{Docs}/{SeededDocuments.TravelPolicy}/blocks/{SeededDocuments.TravelPolicy}/children", new { children = new[] { Line(2, "text", "x") } }));
    }

    [Fact]
    public async Task Trees_come_whole_or_not_at_all_and_a_token_works_once()
    {
        var document = await NewAsync();
        var path = $"{Docs}/{document}/blocks/{document}/descendant";
        object Table(params string[] cells) => new
        {
            children_id = new[] { "t" },
            descendants = (object[])[
                new { block_id = "t", block_type = 31, table = new { property = new { row_size = 1, column_size = 2 } }, children = cells },
                .. cells.Distinct().SelectMany(c => (object[])[new { block_id = c, block_type = 32, table_cell = new { }, children = new[] { c + "x" } }, Named(c + "x", Line(2, "text", c))])],
        };
        var token = "?client_token=6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
        var made = await CallAsync(HttpMethod.Post, path + token, Table("l", "r"));
        Assert.Equal(5, made.Data["block_id_relations"]!.AsArray().Count);
        Assert.Equal(made.Data["children"]![0]!["children"]!.ToJsonString(), made.Data["children"]![0]!["table"]!["cells"]!.ToJsonString());
        var again = await CallAsync(HttpMethod.Post, path + token, Table("l", "r"));
        Assert.Equal(made.Data.ToJsonString(), again.Data.ToJsonString());
        Assert.Equal(6, (await CallAsync(HttpMethod.Get, $"{Docs}/{document}/blocks")).Data["items"]!.AsArray().Count);

        foreach (var (body, code) in ((object, long)[])
        [
            (Table("l"), 1770006), (Table("l", "l"), 1770006), (new { children_id = new[] { "a" }, descendants = new[] { Named("a", Line(2, "text", "x")), Named("b", Line(2, "text", "y")) } }, 1770006),
            (new { children_id = new[] { "a", "a" }, descendants = new[] { Named("a", Line(2, "text", "x")) } }, 1770006),
            (new { children_id = new[] { "a" }, descendants = new[] { Named("a", Line(2, "text", "x")), Named("a", Line(2, "text", "y")) } }, 1770019),
            (new { children_id = new[] { "a" }, descendants = new object[] { new { block_id = "a", block_type = 14, code = Text("x"), children = new[] { "b" } }, Named("b", Line(2, "text", "y")) } }, 1770028),
        ])
        {
            Assert.Equal((400, code), await CodeAsync(HttpMethod.Post, path, body));
        }

        Assert.Equal(6, (await CallAsync(HttpMethod.Get, $"{Docs}/{document}/blocks")).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Documents_are_shared_and_nobody_gives_more_than_they_have()
    {
        var document = await NewAsync();
        var members = $"/open-apis/drive/v1/permissions/{document}/members?type=docx";
        object Member(string type, string id, string perm = "view") => new { member_type = type, member_id = id, perm };
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, members, Member("userid", "alice", "full_access"))).Status);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, members, Member("openchat", SeededCompany.FinanceChat))).Status);
        // An app adds no department; a group only where its bot is; nobody unknown.
        Assert.Equal((400, 1063001), await CodeAsync(HttpMethod.Post, members, Member("opendepartmentid", SeededCompany.FinanceDepartment)));
        Assert.Equal((400, 1063001), await CodeAsync(HttpMethod.Post, members, Member("openid", "ou_nobody")));
        var shown = (await CallAsync(HttpMethod.Get, members + "&fields=type")).Data["items"]!.AsArray();
        Assert.Equal([("openid", "full_access", "user"), ("openchat", "view", "chat")], shown.Select(m => (m!["member_type"]!.GetValue<string>(), m["perm"]!.GetValue<string>(), m["type"]!.GetValue<string>())));
        Assert.Null((await CallAsync(HttpMethod.Get, members)).Data["items"]![0]!["type"]);

        var bob = await UserTokenAsync("bob");
        Assert.Equal((403, 1063004), await CodeAsync(HttpMethod.Post, members, Member("userid", "carol", "edit"), bob));
        Assert.Equal((403, 1063002), await CodeAsync(HttpMethod.Post, members.Replace(document, SeededDocuments.Salary, StringComparison.Ordinal), Member("userid", "bob"), bob));
        // The link lets read, and shows no collaborators.
        Assert.Equal((403, 1063002), await CodeAsync(HttpMethod.Get, $"/open-apis/drive/v1/permissions/{SeededDocuments.TravelPolicy}/members?type=docx", token: bob));
    }

    [Fact]
    public async Task The_wiki_knows_what_hangs_where_and_who_belongs_to_a_space()
    {
        const string wiki = "/open-apis/wiki/v2/spaces/";
        var node = (await CallAsync(HttpMethod.Get, $"{wiki}get_node?token={SeededDocuments.HandbookNode}")).Data["node"]!;
        Assert.Equal((SeededDocuments.Handbook, "docx", "origin"), (node["obj_token"]!.GetValue<string>(), node["obj_type"]!.GetValue<string>(), node["node_type"]!.GetValue<string>()));
        Assert.Equal(SeededDocuments.HandbookNode, (await CallAsync(HttpMethod.Get, $"{wiki}get_node?token={SeededDocuments.Handbook}&obj_type=docx")).Data["node"]!["node_token"]!.GetValue<string>());
        Assert.Equal((400, 131005), await CodeAsync(HttpMethod.Get, $"{wiki}get_node?token=none"));
        Assert.Equal((400, 131006), await CodeAsync(HttpMethod.Get, $"{wiki}get_node?token={SeededDocuments.HandbookNode}", token: await UserTokenAsync("alice")));
        Assert.Equal(["openid", "opendepartmentid", "openid"], (await CallAsync(HttpMethod.Get, $"{wiki}{SeededDocuments.FinanceSpace}/members")).Data["members"]!.AsArray().Select(m => m!["member_type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_link_opens_a_page_to_read_for_who_may()
    {
        var token = await SeedAsync(new { title = "<b>Plan</b>", text = "# <script>alert(1)</script>\n- one\n| a | b |", owner = "alice" });
        using var page = await Emulator.Http.GetAsync(new Uri($"/docx/{token}?as=alice", UriKind.Relative), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var closed = await Emulator.Http.GetAsync(new Uri($"/docx/{token}?as=bob", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)closed.StatusCode);
        Assert.DoesNotContain("Plan", await closed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var wiki = await Emulator.Http.GetAsync(new Uri($"/wiki/{SeededDocuments.HandbookNode}?as=carol", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("领取电脑", System.Net.WebUtility.HtmlDecode(await wiki.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        using var none = await Emulator.Http.GetAsync(new Uri("/docx/none", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)none.StatusCode);
    }

    [Fact]
    public async Task Control_validates_what_it_is_told_and_a_reset_brings_the_seeded_documents_back()
    {
        foreach (var body in (object[])[new { token = "short" }, new { owner = "nobody" }, new { link_share = "everybody" }, new { type = "paper" }, new { title = new string('x', 801) }, new { wiki_node = "x" }, new { what = 1 }])
        {
            Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "documents", body)).Status);
        }

        Assert.Equal(404, (await Emulator.TryControlAsync(HttpMethod.Patch, "documents/none", new { deleted = true })).Status);
        await SeedAsync(new { title = "x" });
        Assert.Equal(7, (await Emulator.StateAsync())["documents"]!.AsArray().Count);
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Equal(6, (await Emulator.StateAsync())["documents"]!.AsArray().Count);
    }

    private static JsonObject Text(string text) => new() { ["elements"] = new JsonArray(new JsonObject { ["text_run"] = new JsonObject { ["content"] = text } }) };

    private static JsonObject Line(int type, string member, string text) => new() { ["block_type"] = type, [member] = Text(text) };

    private static JsonObject Named(string id, JsonObject block)
    {
        block["block_id"] = id;
        return block;
    }

    private async Task<string> NewAsync() => (await CallAsync(HttpMethod.Post, Docs, new { title = "Plan" })).Data["document"]!["document_id"]!.GetValue<string>();

    private async Task<string> SeedAsync(object document) => (await Emulator.ControlAsync(HttpMethod.Post, "documents", document))["token"]!.GetValue<string>();

    private async Task<(int Status, long Code)> CodeAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var reply = await CallAsync(method, path, body, token);
        return (reply.Status, reply.Code);
    }
}
