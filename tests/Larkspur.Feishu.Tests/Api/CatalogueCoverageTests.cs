using System.Reflection;
using System.Text.Json;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Tests.Api;

/// <summary>Nothing of the catalogue is lost on the way to the typed API.</summary>
public sealed class CatalogueCoverageTests
{
    private static readonly Type[] Steps = [.. typeof(FeishuApi).Assembly.GetTypes().Where(type =>
        type.IsValueType && type.GetField("_client", BindingFlags.Instance | BindingFlags.NonPublic)?.FieldType == typeof(FeishuClient))];

    [Fact]
    public void Every_endpoint_of_the_catalogue_is_in_the_generated_list_and_nothing_else()
    {
        Assert.Equal(1813, CatalogueFiles.Endpoints.Count);
        Assert.Equal(
            CatalogueFiles.Endpoints.Select(endpoint => endpoint.Text("id")).Order(StringComparer.Ordinal),
            FeishuCatalogue.All.Select(entry => entry.Endpoint.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_pair_of_method_and_path_is_there()
    {
        static string Pair(string method, string path) => method + " " + path;
        Assert.Equal(
            CatalogueFiles.Endpoints.Select(endpoint => Pair(endpoint.Text("method"), endpoint.Text("path"))).Order(StringComparer.Ordinal),
            FeishuCatalogue.All.Select(entry => Pair(entry.Endpoint.Method.Method, entry.Endpoint.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_exactly_one_method_per_endpoint_and_each_is_reached_from_the_client()
    {
        var methods = Steps.SelectMany(step => step.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.ReturnType.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(CatalogueFiles.Endpoints.Count, methods.Length);

        var reached = FeishuCatalogue.All.Select(entry => Reach(entry.Call)).ToArray();
        Assert.Equal(methods.Length, reached.Distinct().Count());
        Assert.Equal(methods.ToHashSet(), reached.ToHashSet());
    }

    [Fact]
    public void Ways_to_call_are_unique_even_without_regard_to_case()
        => Assert.Empty(FeishuCatalogue.All.GroupBy(entry => entry.Call, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Names_follow_the_ids_of_the_catalogue()
    {
        var calls = FeishuCatalogue.All.ToDictionary(entry => entry.Endpoint.Id, entry => entry.Call);
        Assert.Equal("Im.V1.Message.CreateAsync", calls["im.v1.message.create"]);
        Assert.Equal("Bitable.V1.App.Table.Record.BatchCreateAsync", calls["bitable.v1.app.table.record.batch_create"]);
        Assert.Equal("Ws.EndpointAsync", calls["ws.endpoint"]);
        Assert.Equal("Passport.Oauth.TokenAsync", calls["passport.oauth.token"]);
        Assert.Equal("Passport.Oauth.AuthorizeUrl", calls["passport.oauth.authorize"]);
        Assert.Equal("Corehr.V2.ReportDetailRow.BatchDeleteAsync", calls["corehr.v2.report_detail_row.batchDelete"]);
        Assert.Equal("MeetingRoom.Room.CreateAsync", calls["meeting_room.room.create.post"]);
        Assert.Equal("Bot.V3.Info.GetAsync", calls["bot.v3.info.get"]);
    }

    [Fact]
    public void Endpoints_carry_the_facts_that_a_call_needs()
    {
        foreach (var facts in CatalogueFiles.Endpoints)
        {
            var entry = FeishuCatalogue.All.Single(entry => entry.Endpoint.Id == facts.Text("id"));
            var endpoint = entry.Endpoint;
            var tokens = facts.GetProperty("tokens").EnumerateArray().Aggregate(FeishuTokenKinds.None, (kinds, token) => kinds | Enum.Parse<FeishuTokenKinds>(token.GetString()!, true));
            if (tokens == FeishuTokenKinds.None && !facts.IsTrue("noAuth")) tokens = FeishuTokenKinds.Tenant | FeishuTokenKinds.User;
            Assert.Equal(tokens, endpoint.Tokens);

            var limits = Limits(facts);
            Assert.Equal(limits.Min(limit => Number(limit, "perSecond")), endpoint.PerSecond);
            Assert.Equal(limits.Min(limit => Number(limit, "perMinute")), endpoint.PerMinute);
            Assert.Equal(facts.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!), entry.Scopes);
            Assert.Equal(facts.IsTrue("deprecated"), entry.IsDeprecated);
            Assert.Equal(entry.IsDeprecated, Reach(entry.Call).GetCustomAttribute<ObsoleteAttribute>() is not null);
        }

        // The level, and what the page says beyond it about the whole API; limits of one receiver or one document are another matter.
        static JsonElement[] Limits(JsonElement facts) =>
        [
            .. facts.TryGetProperty("rateLimit", out var level) ? [level] : Array.Empty<JsonElement>(),
            .. facts.Fields("limits").Where(limit => limit.Text("scope") is "api" or "app" or "tenant" && !limit.TryGetProperty("when", out _)),
        ];

        static int? Number(JsonElement limit, string name)
            => limit.ValueKind == JsonValueKind.Object && limit.TryGetProperty(name, out var number) ? number.GetInt32() : null;
    }

    [Theory]
    [InlineData("im.v1.message.create", 50, 1000)]
    [InlineData("docx.v1.document.create", 3, null)]
    [InlineData("docx.v1.document.block.children.create", 3, null)]
    [InlineData("docx.v1.document.raw_content", 5, null)]
    [InlineData("drive.v1.media.upload_all", 5, null)]
    [InlineData("drive.v1.file.move", 5, 20)]
    [InlineData("translation.v1.text.translate", 20, null)]
    [InlineData("document_ai.v1.resume.parse", 10, null)]
    [InlineData("contact.v3.user.patch", 50, 1000)]
    public void A_limit_that_only_the_page_of_an_api_names_is_kept_too(string id, int? perSecond, int? perMinute)
    {
        var endpoint = FeishuCatalogue.All.Single(entry => entry.Endpoint.Id == id).Endpoint;
        Assert.Equal((perSecond, perMinute), (endpoint.PerSecond, endpoint.PerMinute));
    }

    [Theory]
    [InlineData("im.v1.message.create", "uuid")]
    [InlineData("im.v1.message.reply", "uuid")]
    [InlineData("im.v1.chat.create", "uuid")]
    [InlineData("cardkit.v1.card.element.content", "uuid")]
    [InlineData("approval.v4.instance.create", "uuid")]
    [InlineData("bitable.v1.app.table.record.batch_create", "client_token")]
    [InlineData("docx.v1.document.block.children.create", "client_token")]
    [InlineData("task.v2.task.create", "client_token")]
    [InlineData("calendar.v4.calendar.event.create", "idempotency_key")]
    [InlineData("apaas.v1.application.flow.execute", "idempotent_key")]
    [InlineData("aily.v1.aily_session.aily_message.create", "idempotent_id")]
    [InlineData("im.v1.message.list", null)]
    [InlineData("security_and_compliance.v2.device_record.create", null)]
    [InlineData("security_and_compliance.v2.device_record.list", null)]
    public void An_idempotency_field_is_named_only_where_the_field_is_one(string id, string? field)
        => Assert.Equal(field, FeishuCatalogue.All.Single(entry => entry.Endpoint.Id == id).Endpoint.IdempotencyField);

    [Fact]
    public void Every_endpoint_with_a_page_token_on_both_sides_has_a_walk_over_its_pages()
    {
        static bool HasToken(IEnumerable<JsonElement> fields, params string[] names)
            => fields.Any(field => names.Contains(field.Text("name")) && field.Text("type") == "string");

        var walked = 0;
        foreach (var facts in CatalogueFiles.Endpoints.Where(facts => facts.IsTrue("paged")))
        {
            var data = facts.Fields("response").FirstOrDefault(field => field.Text("name") == "data");
            if (!HasToken(facts.Fields("query").Concat(facts.Fields("body")), "page_token") || !HasToken(data.Fields("fields"), "page_token", "next_page_token")) continue;

            var call = FeishuCatalogue.All.Single(entry => entry.Endpoint.Id == facts.Text("id")).Call;
            var stem = call[..^"Async".Length];
            Assert.True(Finds(stem + "AllAsync") || Finds(stem + "PagesAsync"), call);
            walked++;
        }

        Assert.Equal(352, walked);

        static bool Finds(string call) => Find(call) is not null;
    }

    [Fact]
    public void Every_event_is_listed_with_its_schema_and_its_record()
    {
        Assert.Equal(
            CatalogueFiles.Events.Select(type => (type.Text("type"), type.Text("version"))).Order(),
            FeishuEvents.All.Select(type => (type.EventType, type.Schema)).Order());

        var handWritten = FeishuEvents.All.Where(type => type.Record.Assembly != typeof(FeishuEvents).Assembly).Select(type => type.EventType);
        Assert.Equal(["app_ticket", "card.action.trigger", "card.action.trigger_v1"], handWritten.Order(StringComparer.Ordinal));
        Assert.Equal(FeishuEvents.All.Count, FeishuEvents.All.Select(type => type.Record).Distinct().Count());

        foreach (var type in FeishuEvents.All)
        {
            Assert.True(type.Record.IsAssignableTo(typeof(IFeishuEvent)));
            Assert.Equal(type.EventType, type.Record.GetProperty("EventType", BindingFlags.Public | BindingFlags.Static)!.GetValue(null));
        }
    }

    private static MethodInfo Reach(string call) => Find(call) ?? throw new InvalidOperationException($"feishu.{call} cannot be reached.");

    private static MethodInfo? Find(string call)
    {
        var parts = call.Split('.');
        var step = typeof(FeishuApi).GetMethod("get_" + parts[0], BindingFlags.Public | BindingFlags.Static)?.ReturnType;
        foreach (var part in parts[1..^1]) step = step?.GetProperty(part)?.PropertyType;
        return step?.GetMethod(parts[^1]);
    }
}
