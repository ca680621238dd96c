using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Administrators look at people over REST, make one of two and two of one; ids from before lead to who it is now, and every step is audited.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PersonApiTests : IAsyncLifetime
{
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync(configure: builder => builder.Services.AddSingleton<IPersonMerged, Diary>());

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_merge_joins_accounts_and_keeps_both_ids_for_ever()
    {
        var (anna, ding, web) = (await _gateway.GetOrCreateAsync(OnFeishu("ou_a", name: "王小明")), await _gateway.GetOrCreateAsync(OnDingTalk("anna")), await _gateway.GetOrCreateAsync(OnWeCom("anna")));
        Assert.Equal(200, (await MergeAsync(web.Id, ding.Id)).Status);
        var merged = await MergeAsync(ding.Id, anna.Id);
        Assert.Equal((200, anna.Id, "王小明"), (merged.Status, merged.Text("id"), merged.Text("name")));
        Assert.Equal(["feishu", "dingtalk", "wecom"], merged.Body.GetProperty("accounts").EnumerateArray().Select(a => a.GetProperty("platform").GetString()));
        // An alias of an alias leads to who it is now, and a repeat changes nothing.
        foreach (var id in (string[])[anna.Id, ding.Id, web.Id]) Assert.Equal(anna.Id, (await GetAsync(id)).Text("id"));
        Assert.Equal(anna.Id, (await MergeAsync(web.Id, ding.Id)).Text("id"));
        Assert.Equal([anna.Id, ding.Id], (await _gateway.LinesAsync("person.merged")).Select(l => l.Subject));
        Assert.All(await _gateway.LinesAsync("person.merged"), l => Assert.Equal("api", l.Who));
        Assert.Equal([$"{web.Id} -> {ding.Id}", $"{ding.Id} -> {anna.Id}"], await DiaryAsync());
    }

    [Fact]
    public async Task An_unlinked_account_is_a_person_of_its_own_and_what_was_stays()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a"));
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna", "un_a"));
        await MergeAsync(ding.Id, anna.Id);
        var account = (await _gateway.FindAsync(anna.Id))!.Accounts[1].Id;
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{ding.Id}/unlink", new { account });
        Assert.Equal((200, anna.Id), (answer.Status, answer.Body.GetProperty("person").GetProperty("id").GetString()));
        var unlinked = answer.Body.GetProperty("unlinked").GetProperty("id").GetString()!;
        Assert.DoesNotContain(unlinked, (string[])[anna.Id, ding.Id]);
        Assert.Equal(unlinked, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", "un_a"))).Id);
        // The id from before the merge is history, and history stays.
        Assert.Equal(anna.Id, (await _gateway.FindAsync(ding.Id))!.Id);
        Assert.Equal($"{anna.Id} / {unlinked}: anna, un_a", (await DiaryAsync())[^1]);
        Assert.Equal(("api", anna.Id), Assert.Single((await _gateway.LinesAsync("person.unlinked")).Select(l => (l.Who, l.Subject))));

        Assert.Equal((409, "only_account"), await RefusedAsync(anna.Id, "unlink", new { account = (await _gateway.FindAsync(anna.Id))!.Accounts[0].Id }));
        Assert.Equal((422, "unknown_account"), await RefusedAsync(anna.Id, "unlink", new { account }));
        // It may be merged again.
        Assert.Equal(anna.Id, (await MergeAsync(unlinked, anna.Id)).Text("id"));
    }

    [Fact]
    public async Task Who_is_shut_out_stays_out_through_merges_and_unlinks()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a"));
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        Assert.True((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{ding.Id}/disable")).Body.GetProperty("disabled").GetBoolean());
        Assert.True((await _gateway.GetOrCreateAsync(OnDingTalk("anna"))).IsDisabled);
        Assert.True((await MergeAsync(ding.Id, anna.Id)).Body.GetProperty("disabled").GetBoolean());
        var account = (await _gateway.FindAsync(anna.Id))!.Accounts[1].Id;
        var unlinked = (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{anna.Id}/unlink", new { account })).Body.GetProperty("unlinked");
        Assert.True(unlinked.GetProperty("disabled").GetBoolean());
        Assert.False((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{anna.Id}/enable")).Body.GetProperty("disabled").GetBoolean());
        Assert.False((await _gateway.FindAsync(anna.Id))!.IsDisabled);
        Assert.Equal((1, 1), ((await _gateway.LinesAsync("person.disabled")).Count, (await _gateway.LinesAsync("person.enabled")).Count));
    }

    [Fact]
    public async Task A_merge_that_a_room_cannot_follow_does_not_happen()
    {
        var (anna, ding) = (await _gateway.GetOrCreateAsync(OnFeishu("ou_a")), await _gateway.GetOrCreateAsync(OnDingTalk("anna")));
        Diary.Refused = ding.Id;
        Assert.Equal(500, (await MergeAsync(ding.Id, anna.Id)).Status);
        Assert.Equal(ding.Id, (await _gateway.FindAsync(ding.Id))!.Id);
        Assert.Equal((2, 0), (await _gateway.CountAsync("person"), await _gateway.CountAsync("person_alias")));
        Assert.Empty(await _gateway.LinesAsync("person.merged"));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_a_word()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a"));
        var nobody = KnownPerson.NewId();
        Assert.Equal((422, "same_person"), await RefusedAsync(anna.Id, "merge", new { from = anna.Id }));
        Assert.Equal((422, "no_such_person"), await RefusedAsync(anna.Id, "merge", new { from = nobody }));
        Assert.Equal((422, "bad_id"), await RefusedAsync(anna.Id, "merge", new { from = "ou_a" }));
        Assert.Equal((400, "missing"), await RefusedAsync(anna.Id, "merge", new { }));
        Assert.Equal((400, "unknown_field"), await RefusedAsync(anna.Id, "merge", new { from = nobody, force = true }));
        Assert.Equal((400, "wrong_type"), await RefusedAsync(anna.Id, "unlink", new { account = "1" }));
        Assert.Equal((404, "not_found"), await RefusedAsync(nobody, "merge", new { from = anna.Id }));
        Assert.Equal((404, "not_found"), await RefusedAsync("x' OR 1=1", "disable", null));
        Assert.Equal(404, (await GetAsync("lookup")).Status);
        Assert.Equal((400, "bad_limit"), await ListRefusedAsync("?limit=201"));
        Assert.Equal((400, "bad_filter"), await ListRefusedAsync("?q=" + new string('a', 201)));
    }

    [Fact]
    public async Task People_are_found_by_parts_of_names_and_beginnings_of_ids_in_pages()
    {
        await _gateway.GetOrCreateAsync(OnFeishu("ou_100%", name: "王小明", email: "wang@mica.example"));
        await _gateway.GetOrCreateAsync(OnDingTalk("bob_1", name: "Bob Smith"));
        await _gateway.GetOrCreateAsync(OnWeCom("bobX1", "O'Neil"));
        Assert.Equal("O'Neil, Bob Smith, 王小明", await NamesAsync(""));
        Assert.Equal("王小明", await NamesAsync("?q=小明"));
        Assert.Equal("王小明", await NamesAsync("?q=WANG@"));
        Assert.Equal("Bob Smith", await NamesAsync("?q=SMITH"));
        Assert.Equal("Bob Smith", await NamesAsync("?q=bob_"));
        Assert.Equal("王小明", await NamesAsync("?q=ou_100%25"));
        Assert.Equal("", await NamesAsync("?q=!%25"));
        Assert.Equal("O'Neil", await NamesAsync("?q=o'neil"));
        Assert.Equal("Bob Smith", await NamesAsync("?platform=dingtalk&disabled=false"));
        Assert.Equal("", await NamesAsync("?disabled=true"));

        var first = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people?limit=2");
        Assert.Equal(2, first.Body.GetProperty("items").GetArrayLength());
        Assert.Equal("王小明", await NamesAsync($"?limit=2&cursor={first.Body.GetProperty("next").GetInt64()}"));
    }

    private Task<KeyAnswer> MergeAsync(string from, string into) => _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{into}/merge", new { from });

    private Task<KeyAnswer> GetAsync(string id) => _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + id);

    private async Task<(int, string?)> RefusedAsync(string id, string what, object? body)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{Uri.EscapeDataString(id)}/{what}", body);
        return (answer.Status, answer.Error);
    }

    private async Task<(int, string?)> ListRefusedAsync(string query)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people" + query);
        return (answer.Status, answer.Error);
    }

    private async Task<string> NamesAsync(string query)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people" + query);
        Assert.True(answer.Status == 200, answer.ToString());
        return string.Join(", ", answer.Body.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
    }

    private Task<List<string>> DiaryAsync() => _gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT value FROM setting ORDER BY version", row => row.GetString(0)), TestContext.Current.CancellationToken);

    /// <summary>A room that keeps something of people. It asks for people itself, as the assistant does.</summary>
    private sealed class Diary(IIdentities identities) : IPersonMerged
    {
        private static long _lines;

        public static string? Refused { get; set; }

        public ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
        {
            Assert.NotNull(identities);
            return join.Former == Refused ? throw new InvalidOperationException("this room cannot follow") : AddAsync(unit, $"{join.Former} -> {join.Person}");
        }

        public ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) => AddAsync(unit, $"{undo.Person} <> {undo.Former.Id}");

        public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) => AddAsync(unit, $"{from} / {to}: {string.Join(", ", ids.Select(i => i.Value))}");

        private static async ValueTask AddAsync(IUnitOfWork unit, string line)
        {
            var number = Interlocked.Increment(ref _lines);
            await unit.ExecuteAsync("INSERT INTO setting (name, value, version, changed_at, changed_by) VALUES ($1, $2, $3, 0, 'diary')", $"diary.{number}", line, number);
        }
    }
}
