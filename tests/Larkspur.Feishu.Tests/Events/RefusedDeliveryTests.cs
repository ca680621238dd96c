using System.Diagnostics.Metrics;
using System.Text;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Tests.Events;

/// <summary>One test per way to be wrong.</summary>
public sealed class RefusedDeliveryTests
{
    private readonly Deliveries _d = new();

    [Fact]
    public void A_wrong_signature_is_refused()
        => Refused(FeishuRefusal.WrongSignature, Deliveries.With(Good(), h => h with { Signature = new string('0', 64) }));

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("not hex at all, and of a length that no hash of the platform's has, for good measure")]
    public void A_signature_that_is_no_hash_is_refused(string signature)
        => Refused(signature.Length == 0 ? FeishuRefusal.MissingSignature : FeishuRefusal.WrongSignature, Deliveries.With(Good(), h => h with { Signature = signature }));

    [Fact]
    public void A_signature_made_with_an_empty_key_is_refused()
    {
        FeishuSignedRequest good = Good();
        Refused(FeishuRefusal.WrongSignature, Deliveries.With(good, h => h with { Signature = FeishuEventSigner.Sign(h.Timestamp!, h.Nonce!, "", good.Body) }));
    }

    [Fact]
    public void Missing_headers_are_refused()
    {
        Refused(FeishuRefusal.MissingSignature, Deliveries.With(Good(), h => h with { Signature = null }));
        Refused(FeishuRefusal.MissingSignature, Deliveries.With(Good(), h => h with { Timestamp = null }));
        Refused(FeishuRefusal.MissingSignature, Deliveries.With(Good(), h => h with { Nonce = null }));
        Refused(FeishuRefusal.MissingSignature, Deliveries.With(Good(), h => new(null, null, null, h.ContentType)));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(-301)]
    [InlineData(315_360_000)]
    public void A_timestamp_outside_the_window_is_refused_in_both_directions(int age)
        => Refused(FeishuRefusal.OutsideWindow, _d.SignedRaw(Encrypted(Deliveries.SecondSchema()), TimeSpan.FromSeconds(age)));

    [Theory]
    [InlineData("now")]
    [InlineData("-1")]
    [InlineData("1700000000000")]
    [InlineData(" 1700000000")]
    [InlineData("99999999999")]
    [InlineData("９９９")]
    public void A_timestamp_that_is_no_number_of_seconds_is_refused(string timestamp)
    {
        byte[] body = Encrypted(Deliveries.SecondSchema());
        var headers = new FeishuDeliveryHeaders(timestamp, "n", FeishuEventSigner.Sign(timestamp, "n", "larkspur-key", body), "application/json");
        Refused(FeishuRefusal.OutsideWindow, new(headers, body));
    }

    [Fact]
    public void A_tampered_body_is_refused()
    {
        FeishuSignedRequest good = Good();
        good.Body[^5] ^= 1;
        Refused(FeishuRefusal.WrongSignature, good);
    }

    [Fact]
    public void A_plain_event_is_refused_while_an_Encrypt_Key_is_set()
        => Refused(FeishuRefusal.NotEncrypted, _d.SignedRaw(Encoding.UTF8.GetBytes(Deliveries.SecondSchema())));

    [Fact]
    public void A_plain_address_check_is_refused_while_an_Encrypt_Key_is_set()
    {
        Refused(FeishuRefusal.NotEncrypted, _d.SignedRaw(Encoding.UTF8.GetBytes(Deliveries.Challenge())));
        Refused(FeishuRefusal.MissingSignature, new(new(null, null, null, "application/json"), Encoding.UTF8.GetBytes(Deliveries.Challenge())));
    }

    [Fact]
    public void An_encrypted_event_without_an_Encrypt_Key_is_refused()
    {
        byte[] body = Encrypted(Deliveries.SecondSchema());
        _d.Options.EncryptKey = null;
        Refused(FeishuRefusal.Undecryptable, _d.SignedRaw(body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(40)]
    public void Truncated_base64_is_refused(int cut)
    {
        string body = Encoding.UTF8.GetString(Encrypted(Deliveries.SecondSchema()));
        Refused(FeishuRefusal.Undecryptable, _d.SignedRaw(Encoding.UTF8.GetBytes(string.Concat(body.AsSpan(0, body.Length - 2 - cut), "\"}"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("!!!!")]
    public void An_encrypt_value_that_is_too_short_or_no_base64_is_refused(string value)
        => Refused(FeishuRefusal.Undecryptable, _d.SignedRaw(Encoding.UTF8.GetBytes($$"""{"encrypt":"{{value}}"}""")));

    [Fact]
    public void An_event_encrypted_with_another_key_is_refused()
        => Refused(FeishuRefusal.Undecryptable, _d.SignedRaw(FeishuEventSigner.Encrypt("another key", Encoding.UTF8.GetBytes(Deliveries.SecondSchema()), new byte[16])));

    [Fact]
    public void Invalid_UTF8_is_refused_outside_and_inside_the_encryption()
    {
        byte[] plain = Encoding.UTF8.GetBytes(Deliveries.SecondSchema(body: "{\"t\":\"#\"}"));
        plain[Array.IndexOf(plain, (byte)'#')] = 0xFF;
        Refused(FeishuRefusal.Malformed, _d.SignedEncrypted(plain));
        _d.Options.EncryptKey = null;
        Refused(FeishuRefusal.Malformed, _d.SignedRaw(plain));
    }

    [Fact]
    public void Json_10000_deep_is_refused_outside_and_inside_the_encryption()
    {
        byte[] deep = Encoding.UTF8.GetBytes(Deliveries.SecondSchema(body: new string('[', 10_000) + new string(']', 10_000)));
        Refused(FeishuRefusal.Malformed, _d.SignedEncrypted(deep));
        Refused(FeishuRefusal.Malformed, _d.SignedRaw(Encoding.UTF8.GetBytes(new string('[', 10_000))));
        _d.Options.EncryptKey = null;
        Refused(FeishuRefusal.Malformed, _d.SignedRaw(deep));
    }

    [Fact]
    public void A_body_of_10_MB_is_refused_unread()
    {
        var request = new FeishuSignedRequest(new("1", "n", new string('0', 64), "application/json"), new byte[10 << 20]);
        FeishuEventReceiver receiver = _d.Receiver();
        receiver.Receive(request.Headers, request.Body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FeishuReception reception = receiver.Receive(request.Headers, request.Body);
        Assert.Equal(FeishuRefusal.TooLarge, reception.Refusal);
        Assert.Equal(413, reception.StatusCode);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=gbk")]
    public void Another_content_type_is_refused(string? contentType)
    {
        Assert.Equal(415, Refused(FeishuRefusal.UnsupportedContentType, Deliveries.With(Good(), h => h with { ContentType = contentType })).StatusCode);
    }

    [Theory]
    [InlineData("larkspur-key")]
    [InlineData(null)]
    public void A_wrong_or_missing_token_is_refused(string? encryptKey)
    {
        _d.Options.EncryptKey = encryptKey;
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.SecondSchema(token: "vt2")));
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.SecondSchema(token: "")));
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.FirstSchema(token: "vt10")));
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.Challenge(token: "vt")));
        Refused(FeishuRefusal.WrongToken, _d.Signed("""{"schema":"2.0","header":{"event_id":"e1","event_type":"t"},"token":"vt1","event":{}}"""));
    }

    [Fact]
    public void An_unsigned_address_check_with_a_wrong_token_is_refused()
        => Refused(FeishuRefusal.WrongToken, Deliveries.With(_d.Signed(Deliveries.Challenge("vt2")), h => new(null, null, null, h.ContentType)));

    [Theory]
    [InlineData("two words")]
    [InlineData("<b>")]
    [InlineData("挑战")]
    [InlineData("\\u0001")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void An_address_check_answers_no_text_that_is_no_challenge(string challenge)
    {
        FeishuSignedRequest request = _d.Signed($$"""{"challenge":"{{challenge}}","token":"vt1","type":"url_verification"}""");
        Refused(FeishuRefusal.Malformed, request);
        Refused(FeishuRefusal.MissingSignature, Deliveries.With(request, h => new(null, null, null, h.ContentType)));
    }

    [Fact]
    public void An_unsigned_event_is_not_taken_for_an_address_check_whether_it_decrypts_or_not()
    {
        FeishuSignedRequest good = Deliveries.With(Good(), h => new(null, null, null, h.ContentType));
        Refused(FeishuRefusal.MissingSignature, good);
        good.Body[40] = good.Body[40] == (byte)'A' ? (byte)'B' : (byte)'A';
        Refused(FeishuRefusal.MissingSignature, good);
        Refused(FeishuRefusal.MissingSignature, new(good.Headers, "{"u8.ToArray()));
    }

    [Fact]
    public void Without_key_and_token_everything_is_refused()
    {
        _d.Options.EncryptKey = _d.Options.VerificationToken = null;
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.SecondSchema()));
        Refused(FeishuRefusal.WrongToken, _d.Signed(Deliveries.Challenge()));
        Refused(FeishuRefusal.WrongToken, _d.SignedLegacy(Deliveries.LegacyCard));
    }

    [Fact]
    public void An_envelope_of_another_app_is_refused()
    {
        Assert.Equal(403, Refused(FeishuRefusal.WrongApp, _d.Signed(Deliveries.SecondSchema(appId: "cli_other"))).StatusCode);
        Refused(FeishuRefusal.WrongApp, _d.Signed(Deliveries.FirstSchema().Replace(Deliveries.AppId, "cli_other", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"encrypt":"a","encrypt":"b"}""")]
    [InlineData("""{"encrypt":"a","encry\u0070t":"b"}""")]
    public void A_second_encrypt_member_is_refused(string body) => Refused(FeishuRefusal.Malformed, _d.SignedRaw(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("\"schema\":\"2.0\"", "\"schema\":\"2.0\",\"schema\":\"1.0\"")]
    [InlineData("\"event_id\":\"e1\"", "\"event_id\":\"e1\",\"event_id\":\"e2\"")]
    [InlineData("\"token\":\"vt1\"", "\"token\":\"vt1\",\"to\\u006ben\":\"vt1\"")]
    [InlineData("\"tenant_key\":\"tk\"", "\"tenant_key\":\"tk\",\"tenant_key\":\"tk\"")]
    [InlineData("\"event\":{\"k\":1}", "\"event\":{\"k\":1},\"event\":{\"k\":2}")]
    [InlineData("\"schema\":\"2.0\"", "\"schema\":\"2.0\",\"header\":{}")]
    [InlineData("\"schema\":\"2.0\"", "\"schema\":\"2.0\",\"challenge\":\"a\",\"challenge\":\"b\"")]
    [InlineData("\"schema\":\"2.0\"", "\"schema\":\"2.0\",\"type\":\"a\",\"type\":\"b\"")]
    public void A_deciding_member_that_occurs_twice_is_refused(string once, string twice)
        => Refused(FeishuRefusal.Malformed, _d.Signed(Deliveries.SecondSchema().Replace(once, twice, StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/**/}")]
    [InlineData("{")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("""{"schema":"2.0","header":{"event_id":"\ud800","event_type":"t","token":"vt1"},"event":{}}""")]
    [InlineData("""{"schema":"2.0","header":{"event_id":"e1","event_type":"t","token":{"vt1":1}},"event":{}}""")]
    [InlineData("""{"schema":"2.0","header":[],"event":{}}""")]
    public void What_is_no_envelope_is_refused(string json)
    {
        Refused(FeishuRefusal.Malformed, _d.Signed(json));
        _d.Options.EncryptKey = null;
        Refused(FeishuRefusal.Malformed, _d.Signed(json));
    }

    [Theory]
    [InlineData("""{"schema":"3.0","header":{"event_id":"e1","event_type":"t","token":"vt1"},"event":{}}""")]
    [InlineData("""{"schema":"2.0","header":{"event_type":"t","token":"vt1"},"event":{}}""")]
    [InlineData("""{"schema":"2.0","header":{"event_id":"e1","token":"vt1"},"event":{}}""")]
    [InlineData("""{"token":"vt1","type":"event_callback","event":{"type":"t"}}""")]
    [InlineData("""{"token":"vt1","uuid":"u","type":"event_callback","event":{}}""")]
    [InlineData("""{"token":"vt1","type":"url_verification"}""")]
    [InlineData("""{"token":"vt1"}""")]
    public void An_envelope_that_lacks_what_it_needs_is_refused(string json) => Refused(FeishuRefusal.Malformed, _d.Signed(json));

    [Fact]
    public void The_old_card_callback_must_be_signed_and_fresh_whatever_the_Encrypt_Key()
    {
        foreach (string? key in new[] { "larkspur-key", null })
        {
            _d.Options.EncryptKey = key;
            FeishuSignedRequest good = _d.SignedLegacy(Deliveries.LegacyCard);
            Refused(FeishuRefusal.MissingSignature, Deliveries.With(good, h => new(null, null, null, h.ContentType)));
            Refused(FeishuRefusal.WrongSignature, Deliveries.With(good, h => h with { Signature = new string('0', 40) }));
            Refused(FeishuRefusal.OutsideWindow, _d.SignedLegacy(Deliveries.LegacyCard, TimeSpan.FromSeconds(301)));
            Refused(FeishuRefusal.OutsideWindow, _d.SignedLegacy(Deliveries.LegacyCard, TimeSpan.FromSeconds(-301)));
        }
    }

    [Fact]
    public void The_old_card_signature_opens_no_plain_door_for_events()
    {
        Refused(FeishuRefusal.NotEncrypted, _d.SignedLegacy(Deliveries.SecondSchema()));
        Refused(FeishuRefusal.NotEncrypted, _d.SignedLegacy(Deliveries.Challenge()));
        Refused(FeishuRefusal.NotEncrypted, _d.SignedRaw(Encoding.UTF8.GetBytes(Deliveries.LegacyCard)));
    }

    [Fact]
    public void Every_refusal_is_counted_under_its_name()
    {
        var outcomes = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "larkspur.feishu.deliveries") l.EnableMeasurementEvents(instrument);
            },
        };
        int thread = Environment.CurrentManagedThreadId;
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread) outcomes.Add((string)tags[0].Value!);
        });
        listener.Start();

        _d.Receive(Deliveries.SecondSchema());
        _d.Receive(Deliveries.Challenge());
        _d.Receive(Deliveries.SecondSchema(token: "x"));

        Assert.Equal(["delivered", "challenge", "wrong_token"], outcomes);
    }

    [Fact]
    public void Random_bytes_never_throw_and_are_never_believed()
    {
        var random = new Random(17);
        FeishuEventReceiver receiver = _d.Receiver();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] plain = Encoding.UTF8.GetBytes(Deliveries.SecondSchema());
            for (int n = random.Next(1, 6); n > 0; n--) plain[random.Next(plain.Length)] = (byte)random.Next(256);
            FeishuSignedRequest request = _d.SignedEncrypted(plain);
            FeishuReception reception = receiver.Receive(request.Headers, request.Body);
            Assert.True(reception.Refusal != FeishuRefusal.None || reception.Delivery is not null);

            random.NextBytes(request.Body);
            Assert.NotEqual(FeishuRefusal.None, receiver.Receive(request.Headers, request.Body).Refusal);
        }
    }

    private FeishuSignedRequest Good() => _d.Signed(Deliveries.SecondSchema());

    private byte[] Encrypted(string json) => FeishuEventSigner.Encrypt(_d.Options.EncryptKey!, Encoding.UTF8.GetBytes(json));

    private FeishuReception Refused(FeishuRefusal refusal, FeishuSignedRequest request)
    {
        FeishuReception reception = _d.Receive(request);
        Assert.Equal(refusal, reception.Refusal);
        Assert.Null(reception.Delivery);
        Assert.Null(reception.Challenge);
        Assert.InRange(reception.StatusCode, 400, 499);
        return reception;
    }
}
