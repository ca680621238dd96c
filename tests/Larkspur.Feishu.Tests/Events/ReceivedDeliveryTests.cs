using System.Text;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Tests.Events;

public sealed class ReceivedDeliveryTests
{
    private readonly Deliveries _d = new();

    [Theory]
    [InlineData("larkspur-key")]
    [InlineData(null)]
    public void An_event_of_schema_2_is_delivered_with_its_envelope(string? encryptKey)
    {
        _d.Options.EncryptKey = encryptKey;

        FeishuDelivery delivery = _d.Receive(Deliveries.SecondSchema()).Delivery!;

        Assert.Equal(FeishuDeliveryKind.Event, delivery.Kind);
        Assert.Equal("im.message.receive_v1", delivery.EventType);
        Assert.Equal("e1", delivery.EventId);
        Assert.Equal("2.0", delivery.Schema);
        Assert.Equal(Deliveries.AppId, delivery.AppId);
        Assert.Equal("tk", delivery.TenantKey);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), delivery.CreatedAt);
        Assert.Equal(Deliveries.SecondSchema(), Encoding.UTF8.GetString(delivery.Json.Span));
        Assert.Equal("{\"k\":1}", Encoding.UTF8.GetString(delivery.EventJson.Span));
    }

    [Theory]
    [InlineData("larkspur-key")]
    [InlineData(null)]
    public void An_event_of_schema_1_is_delivered_with_its_envelope(string? encryptKey)
    {
        _d.Options.EncryptKey = encryptKey;

        FeishuDelivery delivery = _d.Receive(Deliveries.FirstSchema()).Delivery!;

        Assert.Equal("approval_instance", delivery.EventType);
        Assert.Equal("u1", delivery.EventId);
        Assert.Equal("1.0", delivery.Schema);
        Assert.Equal("tk", delivery.TenantKey);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), delivery.CreatedAt);
        Assert.StartsWith("{\"type\":\"approval_instance\"", Encoding.UTF8.GetString(delivery.EventJson.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_type_nobody_knows_is_delivered_as_raw_json()
        => Assert.Equal("moon.landed_v9", _d.Receive(Deliveries.SecondSchema(type: "moon.landed_v9")).Delivery!.EventType);

    [Theory]
    [InlineData("card.action.trigger")]
    [InlineData("url.preview.get")]
    public void A_callback_is_told_from_an_event(string type)
        => Assert.Equal(FeishuDeliveryKind.Callback, _d.Receive(Deliveries.SecondSchema(type: type)).Delivery!.Kind);

    [Theory]
    [InlineData("1700000000", 1_700_000_000_000_000)]
    [InlineData("1700000000123", 1_700_000_000_123_000)]
    [InlineData("1700000000123456", 1_700_000_000_123_456)]
    public void Times_in_seconds_milliseconds_and_microseconds_are_read(string wire, long microseconds)
    {
        string json = Deliveries.SecondSchema().Replace("1700000000123", wire, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds), _d.Receive(json).Delivery!.CreatedAt);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public void A_senseless_time_is_no_reason_to_lose_an_event(string wire)
    {
        string json = Deliveries.SecondSchema().Replace("1700000000123", wire, StringComparison.Ordinal);
        Assert.Null(_d.Receive(json).Delivery!.CreatedAt);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    [InlineData("application/json ; foo=bar; charset=utf8")]
    public void The_content_type_may_carry_a_charset(string contentType)
        => Assert.NotNull(_d.Receive(Deliveries.With(_d.Signed(Deliveries.SecondSchema()), h => h with { ContentType = contentType })).Delivery);

    [Fact]
    public void Escaped_base64_decrypts_too()
    {
        string body = Encoding.UTF8.GetString(FeishuEventSigner.Encrypt("larkspur-key", Encoding.UTF8.GetBytes(Deliveries.SecondSchema())));
        string escaped = body.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002b", StringComparison.Ordinal);
        Assert.NotNull(_d.Receive(_d.SignedRaw(Encoding.UTF8.GetBytes(escaped))).Delivery);
    }

    [Fact]
    public void White_space_in_the_signed_body_counts_as_it_came()
    {
        _d.Options.EncryptKey = null;
        string spaced = Deliveries.SecondSchema().Replace(",", " ,\n ", StringComparison.Ordinal);
        Assert.Equal("e1", _d.Receive(spaced).Delivery!.EventId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_address_check_passes_signed_or_not_when_it_decrypts(bool signed)
    {
        FeishuSignedRequest request = _d.Signed(Deliveries.Challenge());
        if (!signed) request = Deliveries.With(request, h => new(null, null, null, h.ContentType));
        Assert.Equal("c1", _d.Receive(request).Challenge);
    }

    [Fact]
    public void The_plain_address_check_passes_without_an_Encrypt_Key()
    {
        _d.Options.EncryptKey = null;
        FeishuSignedRequest request = Deliveries.With(_d.Signed(Deliveries.Challenge()), h => new(null, null, null, h.ContentType));
        Assert.Equal("c1", _d.Receive(request).Challenge);
    }

    [Theory]
    [InlineData("larkspur-key")]
    [InlineData(null)]
    public void The_old_card_callback_is_plain_and_signed_with_sha1_whatever_the_Encrypt_Key(string? encryptKey)
    {
        _d.Options.EncryptKey = encryptKey;

        FeishuDelivery delivery = _d.Receive(_d.SignedLegacy(Deliveries.LegacyCard)).Delivery!;

        Assert.Equal(FeishuDeliveryKind.LegacyCardCallback, delivery.Kind);
        Assert.Equal("card.action.trigger_v1", delivery.EventType);
        Assert.Equal("tk", delivery.TenantKey);
        Assert.Equal("ou_1", delivery.Read<LegacyCardAction>().OpenId);
    }

    [Fact]
    public void The_id_of_an_old_card_callback_is_made_from_its_token_and_does_not_show_it()
    {
        string id = _d.Receive(_d.SignedLegacy(Deliveries.LegacyCard)).Delivery!.EventId;
        Assert.Matches("^card-[0-9a-f]{32}$", id);
        Assert.Equal(id, _d.Receive(_d.SignedLegacy(Deliveries.LegacyCard, TimeSpan.FromSeconds(9))).Delivery!.EventId);
        Assert.NotEqual(id, _d.Receive(_d.SignedLegacy(Deliveries.LegacyCard.Replace("c-1", "c-2", StringComparison.Ordinal))).Delivery!.EventId);
    }

    [Fact]
    public void With_an_Encrypt_Key_alone_the_signature_is_enough()
    {
        _d.Options.VerificationToken = null;
        Assert.NotNull(_d.Receive(Deliveries.SecondSchema(token: "whatever")).Delivery);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void The_window_includes_its_edges(int seconds)
    {
        FeishuSignedRequest request = _d.SignedRaw(
            FeishuEventSigner.Encrypt("larkspur-key", Encoding.UTF8.GetBytes(Deliveries.SecondSchema())), TimeSpan.FromSeconds(seconds));
        Assert.NotNull(_d.Receive(request).Delivery);
    }

    [Fact]
    public void A_delivery_does_not_share_memory_with_the_request()
    {
        _d.Options.EncryptKey = null;
        FeishuSignedRequest request = _d.Signed(Deliveries.SecondSchema());
        FeishuDelivery delivery = _d.Receive(request).Delivery!;
        Array.Clear(request.Body);
        Assert.Equal(Deliveries.SecondSchema(), Encoding.UTF8.GetString(delivery.Json.Span));
    }

    [Theory]
    [InlineData("larkspur-key")]
    [InlineData(null)]
    public void An_ordinary_event_costs_at_most_8_KB(string? encryptKey)
    {
        _d.Options.EncryptKey = encryptKey;
        string text = new('x', 600);
        string json = Deliveries.SecondSchema(body: $$$"""{"sender":{"sender_id":{"open_id":"ou_1"}},"message":{"content":"{{{text}}}"}}""");
        FeishuSignedRequest request = _d.Signed(json);
        FeishuEventReceiver receiver = _d.Receiver();
        for (int i = 0; i < 100; i++) receiver.Receive(request.Headers, request.Body);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) receiver.Receive(request.Headers, request.Body);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        Assert.True(each <= 8 * 1024, $"{each} bytes an event");
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes an event of {json.Length}");
    }
}
