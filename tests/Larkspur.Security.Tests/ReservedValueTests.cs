using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>The gateway's own values in cards of callers: at every place of a card, in every spelling that some reader might take for them.</summary>
public sealed class ReservedValueTests : IAsyncLifetime
{
    private GatewayApp _gateway = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        // Nothing leaves: the platform is not there.
        _gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        _key = (await _gateway.MakeKeyAsync("canteen", ["messages:write"])).Secret;
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    // Kinds: in a value, deep inside of it, in other letters, in texts that hold JSON, a second time under the same name.
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"larkspur.card"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"larkspur.notification"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"larkspur.whatever-comes"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"assistant"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"plugin.demo-bot.approval"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"LarkSpur.Card"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"Kind":" larkspur.card"}}]}""", "/behaviors/0/value/Kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"\u006bind":"\u006carkspur.card"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"\u200blark\u200bspur.card"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"kind":"ｌａｒｋｓｐｕｒ.card"}}]}""", "/behaviors/0/value/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"a":[{"b":{"kind":"larkspur.card"}}]}}]}""", "/behaviors/0/value/a/0/b/kind")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":"{\"kind\":\"larkspur.card\"}"}]}""", "/behaviors/0/value")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"x":" [\"{\\\"kind\\\":\\\"larkspur.card\\\"}\"]"}}]}""", "/behaviors/0/value/x")]
    [InlineData("""{"tag":"button","behaviors":[{"type":"callback","value":{"content":"{\"kind\":\"larkspur.card\"}"}}]}""", "/behaviors/0/value/content")]
    [InlineData("""{"tag":"button","value":{"kind":"larkspur.card"}}""", "/value/kind")]
    [InlineData("""{"tag":"overflow","options":[{"value":"a"}],"value":{"kind":"larkspur.card"}}""", "/value/kind")]
    [InlineData("""{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"button","value":{"kind":"larkspur.card"}}]}]}""", "/columns/0/elements/0/value/kind")]
    // The assistant's: as a value, in it, as its member's name, as an option, as a component's name.
    [InlineData("""{"tag":"button","value":"asst:helpful:tu_1"}""", "/value")]
    [InlineData("""{"tag":"button","value":{"action":"ASST:again:tu_1"}}""", "/value/action")]
    [InlineData("""{"tag":"button","value":{"asst:again:tu_1":1}}""", "/value/asst:again:tu_1")]
    [InlineData("""{"tag":"button","value":"\"asst:helpful:tu_1\""}""", "/value")]
    [InlineData("""{"tag":"select_static","options":[{"text":{"tag":"plain_text","content":"x"},"value":"asst:stop:tu_1"}]}""", "/options/0/value")]
    [InlineData("""{"tag":"overflow","options":[{"value":"\tasst:stop:tu_1"}]}""", "/options/0/value")]
    [InlineData("""{"tag":"form","name":"asst:stop:tu_1","elements":[]}""", "/name")]
    [InlineData("""{"tag":"form","name":"f","elements":[{"tag":"input","name":"asst:stop:tu_1"}]}""", "/elements/0/name")]
    [Theory]
    public async Task Every_place_and_spelling_is_refused_with_its_pointer(string element, string pointer)
    {
        var card = """{"schema":"2.0","body":{"elements":[$E]}}""".Replace("$E", element, StringComparison.Ordinal);
        var body = """{"to":{"user_id":"bob"},"card":$C}""".Replace("$C", card, StringComparison.Ordinal);
        var answer = await _gateway.CallAsync(_key, HttpMethod.Post, "/messages?validate=false", body);
        Assert.Equal((422, "reserved_value", "/card/body/elements/0" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));

        // The same as text, under the platform's own members, as a face of JSON 1.0, as an answer and as a change.
        var text = JsonSerializer.Serialize(card);
        answer = await _gateway.CallAsync(
            _key, HttpMethod.Post, "/messages?validate=false", $$"""{"to":{"user_id":"bob"},"msg_type":"interactive","content":{{text}}}""");
        Assert.Equal((422, "reserved_value", "/content/body/elements/0" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));
        answer = await _gateway.CallAsync(_key, HttpMethod.Post, "/messages/om_1/reply?validate=false",
            """{"card":{"i18n_elements":{"zh_cn":[{"tag":"action","actions":[$E]}]}}}""".Replace("$E", element, StringComparison.Ordinal));
        Assert.Equal((422, "reserved_value", "/card/i18n_elements/zh_cn/0/actions/0" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));
        answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/messages/om_1?validate=false", $$"""{"card":{{text}}}""");
        Assert.Equal((422, "reserved_value", "/card/body/elements/0" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));
    }

    [Theory]
    [InlineData("""{"k":"larkspur.card"}""", "/k")]
    [InlineData("""{"list":[{"v":"LARKSPUR.notification"}]}""", "/list/0/v")]
    [InlineData("""{"button":{"kind":"assistant"}}""", "/button/kind")]
    [InlineData("""{"content":"asst:stop:tu_1"}""", "/content")]
    public async Task Values_of_a_platforms_template_are_judged_whatever_they_are_called(string variables, string pointer)
    {
        var answer = await _gateway.CallAsync(_key, HttpMethod.Post, "/messages", 
            """{"to":{"user_id":"bob"},"template":{"id":"AAq1","variables":$V}}""".Replace("$V", variables, StringComparison.Ordinal));
        Assert.Equal((422, "reserved_value", "/template/variables" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));
        answer = await _gateway.CallAsync(_key, HttpMethod.Post, "/messages", 
            """{"to":{"user_id":"bob"},"card":{"type":"template","data":{"template_id":"AAq1","template_variable":$V}}}""".Replace("$V", variables, StringComparison.Ordinal));
        Assert.Equal((422, "reserved_value", "/card/data/template_variable" + pointer), (answer.Status, answer.Error, answer.Text("pointer")));
    }

    [Fact]
    public async Task An_option_of_a_card_message_has_none_either_and_the_refusal_can_be_read_in_chinese()
    {
        const string Body = """{"to":{"user_id":"bob"},"card_message":{"title":"x","inputs":[{"id":"i","type":"select","label":"l","options":[{"value":"asst:stop:tu_1"}]}]}}""";
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Address, "/api/v1/messages"));
        request.Content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Add("X-Api-Key", _key);
        request.Headers.Add("Accept-Language", "zh-CN");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal("reserved_value", problem.GetProperty("error").GetString());
        Assert.Equal("/card_message/inputs/0/options/0/value", problem.GetProperty("pointer").GetString());
        Assert.Contains("网关自身", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tag":"markdown","content":"asst:stop is what we say, and {\"kind\":\"larkspur.card\"} too"}""")]
    [InlineData("""{"tag":"div","text":{"tag":"plain_text","content":"x","i18n":{"zh_cn":"asst: 见下"}}}""")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"asst:x"},"behaviors":[{"type":"callback","value":{"kind":"larkspurs","note":"larkspur.example","x":"assistant"}}]}""")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"x"},"value":"{not json"}""")]
    public async Task What_people_read_and_values_that_merely_look_alike_go_through(string element)
    {
        var answer = await _gateway.CallAsync(_key, HttpMethod.Post, "/messages?validate=false", 
            """{"to":{"user_id":"bob"},"card":{"schema":"2.0","body":{"elements":[$E]}}}""".Replace("$E", element, StringComparison.Ordinal));
        Assert.True(answer.Status == 202, answer.ToString());
    }
}
