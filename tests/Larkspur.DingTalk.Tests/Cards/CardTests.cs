using System.Text.Json;
using Larkspur.DingTalk.Cards;

namespace Larkspur.DingTalk.Tests.Cards;

public sealed class CardTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_card_is_made_and_shown_with_every_value_a_string()
    {
        _stub.Answers("""{"success":true,"result":{"outTrackId":"card-1","deliverResults":[{"spaceType":"IM_GROUP","spaceId":"cid1","success":true,"carrierId":"c"},{"spaceType":"IM_ROBOT","spaceId":"alice","success":false,"errorMsg":"no"}]}}""");
        CardDelivered delivered = await _stub.Client().Cards.CreateAndDeliverAsync(Card() with
        {
            Variables = new CardVariables().With("title", "订单").With("amount", 12.50m).With("urgent", true).WithJson("lines", new[] { 1, 2 }),
            PrivateVariables = new Dictionary<string, CardVariables> { ["alice"] = new CardVariables().With("mine", "1") },
            LastMessage = "An order",
        }, Cancel);
        Assert.False(delivered.Everywhere);
        JsonElement body = Assert.Single(_stub.Calls).Json;
        Assert.Equal("dtv1.card//IM_GROUP.cid1;IM_ROBOT.alice", body.GetProperty("openSpaceId").GetString());
        Assert.Equal("""{"cardParamMap":{"title":"订单","amount":"12.50","urgent":"true","lines":"[1,2]"}}""", body.GetProperty("cardData").GetRawText());
        Assert.Equal("""{"alice":{"cardParamMap":{"mine":"1"}}}""", body.GetProperty("privateData").GetRawText());
        Assert.Equal("""{"supportForward":true,"lastMessageI18n":{"ZH_CN":"An order"}}""", body.GetProperty("imGroupOpenSpaceModel").GetRawText());
        Assert.Equal("""{"robotCode":"dingrobot01"}""", body.GetProperty("imGroupOpenDeliverModel").GetRawText());
        Assert.Equal("""{"spaceType":"IM_ROBOT","robotCode":"dingrobot01"}""", body.GetProperty("imRobotOpenDeliverModel").GetRawText());
        Assert.Equal(("STREAM", 1, "card-1"), (body.GetProperty("callbackType").GetString(), body.GetProperty("userIdType").GetInt32(), body.GetProperty("outTrackId").GetString()));
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_under_the_same_key_and_a_refusal_inside_of_200_is_one()
    {
        _stub.OnCall = (c, _, n) =>
        {
            if (n > 1) return DingTalkStub.Json(c, 200, """{"success":false}""");
            c.Abort();
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().Cards.CreateAndDeliverAsync(Card(), Cancel));
        Assert.Equal(["card-1", "card-1"], _stub.Calls.Select(c => c.Json.GetProperty("outTrackId").GetString()));
    }

    [Fact]
    public async Task An_update_keeps_what_it_does_not_name()
    {
        await _stub.Client().Cards.UpdateAsync("card-1", new CardVariables().With("state", "done"), cancellationToken: Cancel);
        StubRequest sent = Assert.Single(_stub.Calls);
        Assert.Equal(("PUT", "/v1.0/card/instances"), (sent.Method, sent.Path));
        Assert.Equal("""{"updateCardDataByKey":true,"updatePrivateDataByKey":true}""", sent.Json.GetProperty("cardUpdateOptions").GetRawText());
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().Cards.UpdateAsync("card-1", null, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Making_and_showing_can_be_two_calls()
    {
        DingTalkCards cards = _stub.Client().Cards;
        await cards.CreateAsync(Card(), Cancel);
        _stub.Answers("""{"success":true,"result":{"outTrackId":"card-1","deliverResults":[]}}""");
        await cards.DeliverAsync(Card(), Cancel);
        Assert.Equal(["/v1.0/card/instances", "/v1.0/card/instances/deliver"], _stub.Calls.Select(c => c.Path));
        Assert.False(_stub.Calls.First().Json.TryGetProperty("openSpaceId", out _));
        Assert.False(_stub.Calls.Last().Json.TryGetProperty("cardTemplateId", out _));
    }

    [Fact]
    public async Task What_the_platform_would_refuse_is_refused_before()
    {
        DingTalkCards cards = _stub.Client().Cards;
        Assert.Throws<ArgumentException>(() => new CardVariables().With(new string('k', 101), "v"));
        Assert.Throws<ArgumentException>(() => new CardVariables().With("k", new string('长', 342)));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.CreateAndDeliverAsync(Card() with { Spaces = [] }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.CreateAndDeliverAsync(Card() with { OutTrackId = new string('x', 101) }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.CreateAndDeliverAsync(Card() with { Callback = CardCallbackWay.Http }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.CreateAndDeliverAsync(Card() with { Spaces = [CardSpace.Person("a;IM_GROUP.b")] }, Cancel));
        var large = new CardVariables().With("a", new string('x', 600)).With("b", new string('x', 600));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.CreateAndDeliverAsync(Card() with { PrivateVariables = new Dictionary<string, CardVariables> { ["alice"] = large } }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => cards.RegisterCallbackAsync("r", new Uri("http://example.com/x"), "s", cancellationToken: Cancel));
        Assert.Empty(_stub.Calls);
    }

    [Fact]
    public async Task The_address_of_callbacks_is_registered_and_its_secret_not_told()
    {
        await _stub.Client().Cards.RegisterCallbackAsync("main", new Uri("https://gw.example/webhook"), "api-secret-9", replace: true, Cancel);
        Assert.Equal("""{"callbackRouteKey":"main","callbackUrl":"https://gw.example/webhook","apiSecret":"api-secret-9","forceUpdate":true}""", Assert.Single(_stub.Calls).Body);
        _stub.Answers("""{"code":"param.empty","message":"api-secret-9"}""", 400);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().Cards.RegisterCallbackAsync("main", new Uri("https://gw.example/webhook"), "api-secret-9", cancellationToken: Cancel));
        Assert.DoesNotContain("api-secret-9", refused.ToString(), StringComparison.Ordinal);
    }

    private static CardInstance Card() => new() { TemplateId = "t.schema", OutTrackId = "card-1", Spaces = [CardSpace.Group("cid1"), CardSpace.Person("alice")] };
}
