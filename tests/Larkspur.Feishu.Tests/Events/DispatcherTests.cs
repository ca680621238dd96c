using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Feishu.Tests.Events;

public sealed class DispatcherTests
{
    private const string ActionBody =
        """{"operator":{"tenant_key":"tk","user_id":"u1","open_id":"ou_1","union_id":"on_1"},"token":"c-abc","action":{"value":{"k":"v"},"tag":"button","form_value":{"f1":["a","b"],"f2":"x"},"options":["a"],"checked":true},"host":"im_message","context":{"open_message_id":"om_1","open_chat_id":"oc_1"}}""";

    private readonly Deliveries _d = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_reaches_the_handler_of_its_type_read_once()
    {
        var seen = new List<string>();
        FeishuEventDispatcher dispatcher = new FeishuEventDispatcher()
            .On<Received>((e, _) => Note(seen, $"{e.Event.K} {e.Delivery.EventId}"))
            .OnUnknown((d, _) => Note(seen, "unknown " + d.EventType));

        Assert.Equal("{}", await Dispatch(dispatcher, Deliveries.SecondSchema()));
        await Dispatch(dispatcher, Deliveries.SecondSchema(type: "moon.landed_v9"));

        Assert.Equal(["1 e1", "unknown moon.landed_v9"], seen);
    }

    [Fact]
    public async Task An_unknown_type_without_a_handler_is_acknowledged()
        => Assert.Equal("{}", await Dispatch(new FeishuEventDispatcher(), Deliveries.SecondSchema(type: "moon.landed_v9")));

    [Fact]
    public void A_type_has_one_handler()
    {
        FeishuEventDispatcher dispatcher = new FeishuEventDispatcher().On<Received>((_, _) => Task.CompletedTask);
        Assert.Throws<InvalidOperationException>(() => dispatcher.On<Received>((_, _) => Task.CompletedTask));
    }

    [Fact]
    public async Task A_handler_s_failure_is_the_caller_s_to_see()
    {
        FeishuEventDispatcher dispatcher = new FeishuEventDispatcher().On<Received>((_, _) => throw new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => Dispatch(dispatcher, Deliveries.SecondSchema()));
    }

    [Fact]
    public void A_card_action_is_read_with_everything_it_carries()
    {
        CardAction action = CardAction.From(_d.Receive(Deliveries.SecondSchema(type: "card.action.trigger", body: ActionBody)).Delivery!);

        Assert.Equal("ou_1", action.Operator.OpenId);
        Assert.Equal("om_1", action.MessageId);
        Assert.Equal("oc_1", action.ChatId);
        Assert.Equal("v", action.Action.ValueText("k"));
        Assert.Equal(2, action.Action.FormValue!["f1"].GetArrayLength());
        Assert.True(action.Action.Checked);
        Assert.False(action.IsLegacy);
        Assert.DoesNotContain("c-abc", action.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"approve\"", "", "approve")]
    [InlineData("{\"n\":5}", "n", "5")]
    [InlineData("{\"n\":{}}", "n", null)]
    [InlineData("\"approve\"", "n", null)]
    public void An_action_s_value_is_an_object_or_a_string(string value, string name, string? text)
    {
        string body = ActionBody.Replace("{\"k\":\"v\"}", value, StringComparison.Ordinal);
        Assert.Equal(text, CardAction.From(_d.Receive(Deliveries.SecondSchema(type: "card.action.trigger", body: body)).Delivery!).Action.ValueText(name));
    }

    [Fact]
    public async Task One_handler_answers_both_card_callbacks_each_in_its_shape()
    {
        var seen = new List<string>();
        FeishuEventDispatcher dispatcher = new FeishuEventDispatcher().OnCardAction((action, _) =>
        {
            seen.Add($"{action.Operator.OpenId} {action.Action.ValueText("k")} {action.IsLegacy}");
            return Task.FromResult(CardActionResponse.Toast(CardToastType.Success, "好", new Dictionary<string, string> { ["en_us"] = "Done" })
                .WithCard(JsonNode.Parse("""{"header":{"a":1},"elements":[]}""")!));
        });

        Assert.Equal(
            """{"toast":{"type":"success","content":"好","i18n":{"en_us":"Done"}},"card":{"type":"raw","data":{"header":{"a":1},"elements":[]}}}""",
            await Dispatch(dispatcher, Deliveries.SecondSchema(type: "card.action.trigger", body: ActionBody)));
        FeishuDelivery legacy = _d.Receive(_d.SignedLegacy(Deliveries.LegacyCard)).Delivery!;
        Assert.Equal(
            """{"toast":{"type":"success","content":"好","i18n":{"en_us":"Done"}},"header":{"a":1},"elements":[]}""",
            Encoding.UTF8.GetString(await dispatcher.DispatchAsync(legacy, Cancel)));
        Assert.Equal(["ou_1 v False", "ou_1 v True"], seen);
    }

    [Fact]
    public void The_other_answers_have_their_shapes()
    {
        Assert.Equal("{}", Text(CardActionResponse.Nothing));
        Assert.Equal("""{"toast":{"type":"warning","content":"<x>"}}""", Text(CardActionResponse.Toast(CardToastType.Warning, "<x>")));
        Assert.Equal(
            """{"card":{"type":"template","data":{"template_id":"AAq","template_version_name":"1.0.0","template_variable":{"a":1}}}}""",
            Text(new CardActionResponse().WithTemplate("AAq", "1.0.0", new JsonObject { ["a"] = 1 })));

        static string Text(CardActionResponse response) => Encoding.UTF8.GetString(response.ToUtf8Json(FeishuDeliveryKind.Callback));
    }

    [Fact]
    public async Task Another_callback_answers_with_its_own_json()
    {
        FeishuEventDispatcher dispatcher = new FeishuEventDispatcher().OnCallback<Preview, JsonObject>((_, _) => Task.FromResult(new JsonObject { ["inline"] = new JsonObject() }));
        Assert.Equal("""{"inline":{}}""", await Dispatch(dispatcher, Deliveries.SecondSchema(type: "url.preview.get")));
    }

    private async Task<string> Dispatch(FeishuEventDispatcher dispatcher, string json)
        => Encoding.UTF8.GetString(await dispatcher.DispatchAsync(_d.Receive(json).Delivery!, Cancel));

    private static Task Note(List<string> seen, string text)
    {
        seen.Add(text);
        return Task.CompletedTask;
    }

    private sealed record Received(int K) : IFeishuEvent
    {
        public static string EventType => "im.message.receive_v1";
    }

    private sealed record Preview(int K) : IFeishuEvent
    {
        public static string EventType => "url.preview.get";
    }

    [Fact]
    public async Task A_link_preview_is_answered_in_the_platform_s_names()
    {
        var dispatcher = new FeishuEventDispatcher().OnCallback<UrlPreviewGet, UrlPreviewResponse>((e, _) => Task.FromResult(new UrlPreviewResponse
        {
            Inline = new() { Title = e.Event.Context!.Url, I18nTitle = new Dictionary<string, string> { ["zh_cn"] = "标题" }, ImageKey = "img_1", Url = new() { CopyUrl = "https://c" } },
            Card = UrlPreviewCard.Template("ctp_1", "1.0.0", new() { ["a"] = 1 }),
        }));
        FeishuDelivery delivery = new Deliveries().Receive(
            Deliveries.SecondSchema(type: "url.preview.get", body: """{"context":{"url":"https://a","preview_token":"p"}}""")).Delivery!;

        Assert.Equal(FeishuDeliveryKind.Callback, delivery.Kind);
        Assert.Equal(
            """{"inline":{"title":"https://a","i18n_title":{"zh_cn":"标题"},"image_key":"img_1","url":{"copy_url":"https://c"}},"card":{"type":"template","data":{"template_id":"ctp_1","template_version_name":"1.0.0","template_variable":{"a":1}}}}""",
            Encoding.UTF8.GetString(await dispatcher.DispatchAsync(delivery, TestContext.Current.CancellationToken)));
    }
}
