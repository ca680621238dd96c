using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Tests.Api;

/// <summary>What the generated records look like on the wire, held against the field lists of the catalogue.</summary>
public sealed class WireShapeTests
{
    public static TheoryData<string> Services => [.. FeishuCatalogue.All.Select(entry => entry.Endpoint.Id.Split('.')[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Services))]
    public void Request_bodies_have_exactly_the_documented_names_at_every_depth(string service)
    {
        foreach (var facts in Of(service).Where(facts => !facts.TryGetProperty("contentType", out _)))
        {
            var request = RequestType(facts.Text("id"));
            var body = facts.Fields("body").ToArray();
            if (request is null)
            {
                Assert.Empty(body);
                continue;
            }

            Compare(facts.Text("id"), request, body, exact: true);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Answers_have_every_documented_name_at_every_depth(string service)
    {
        foreach (var facts in Of(service))
        {
            var data = facts.Fields("response").FirstOrDefault(field => field.Text("name") == "data");
            if (data.ValueKind == JsonValueKind.Undefined || !data.Fields("fields").Any()) continue;
            var answer = Method(facts.Text("id")).ReturnType.GetGenericArguments().Single();
            Compare(facts.Text("id"), answer, data.Fields("fields"), exact: false);
        }
    }

    [Fact]
    public void Event_records_have_every_documented_name_at_every_depth()
    {
        foreach (var facts in CatalogueFiles.Events)
        {
            if (GeneratedRecord(facts) is { } record) Compare(facts.Text("type"), record, facts.Fields("event"), exact: false);
        }
    }

    [Fact]
    public void Every_event_record_reads_a_full_and_an_empty_body()
    {
        foreach (var facts in CatalogueFiles.Events)
        {
            if (GeneratedRecord(facts) is not { } record) continue;
            var sample = JsonSerializer.SerializeToUtf8Bytes(Sample(facts.Fields("event")));
            var read = JsonSerializer.Deserialize(sample, record, FeishuJson.Options);
            Assert.Equal(
                Normal(JsonDocument.Parse(sample).RootElement),
                Normal(JsonSerializer.SerializeToElement(read, record, FeishuJson.Options)));
            Assert.NotNull(JsonSerializer.Deserialize("{}", record, FeishuJson.Options));
        }
    }

    private static Type? GeneratedRecord(JsonElement facts)
    {
        var record = FeishuEvents.All.Single(type => type.EventType == facts.Text("type")).Record;
        return record.Assembly == typeof(FeishuEvents).Assembly ? record : null;
    }

    private static IEnumerable<JsonElement> Of(string service)
        => CatalogueFiles.Endpoints.Where(facts => facts.Text("id").Split('.')[0] == service);

    private static MethodInfo Method(string id)
    {
        var parts = FeishuCatalogue.All.Single(entry => entry.Endpoint.Id == id).Call.Split('.');
        var step = typeof(FeishuApi).GetMethod("get_" + parts[0])!.ReturnType;
        foreach (var part in parts[1..^1]) step = step.GetProperty(part)!.PropertyType;
        return step.GetMethod(parts[^1])!;
    }

    private static Type? RequestType(string id)
        => Method(id).GetParameters().FirstOrDefault()?.ParameterType is { } type && type != typeof(FeishuCallOptions) ? type : null;

    private static void Compare(string where, Type type, IEnumerable<JsonElement> fields, bool exact)
    {
        var written = FeishuJson.Options.GetTypeInfo(type).Properties.Where(property => property.Set is not null && !IsBesideBody(property)).ToDictionary(property => property.Name);
        var names = fields.Select(field => field.Text("name")).Order(StringComparer.Ordinal).ToArray();
        if (exact) Assert.Equal(names, written.Keys.Order(StringComparer.Ordinal));
        foreach (var field in fields)
        {
            Assert.True(written.TryGetValue(field.Text("name"), out var property), $"{where}: {type.Name} lacks {field.Text("name")}.");
            if (Element(property!.PropertyType) is { } nested && field.Fields("fields").Any() && nested.Namespace!.StartsWith("Larkspur", StringComparison.Ordinal) && nested.IsClass)
                Compare(where + "." + field.Text("name"), nested, field.Fields("fields"), exact);
        }
    }

    private static bool IsBesideBody(JsonPropertyInfo property)
        => property.AttributeProvider?.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false).Length > 0;

    private static Type Element(Type type)
    {
        while (type.IsGenericType) type = type.GetGenericArguments()[^1];
        return type;
    }

    private static Dictionary<string, object> Sample(IEnumerable<JsonElement> fields)
        => fields.ToDictionary(field => field.Text("name"), field =>
        {
            var depth = field.TryGetProperty("arrayDepth", out var deep) ? deep.GetInt32() : field.IsTrue("array") ? 1 : 0;
            object value = field.Text("type") switch
            {
                "string" => "text of " + field.Text("name"),
                "int" => 1_700_000_000_123,
                "number" => 1.5,
                "boolean" => true,
                "map" => new Dictionary<string, object>(),
                _ => Sample(field.Fields("fields")),
            };
            for (; depth > 0; depth--) value = new[] { value };
            return value;
        });

    /// <summary>Members in one order: a record may have its own.</summary>
    private static string Normal(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => member.Name + ":" + Normal(member.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", element.EnumerateArray().Select(Normal)) + "]",
        _ => element.GetRawText(),
    };
}
