using System.Text;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.WeCom.Tests.Callbacks;

/// <summary>Each way to be wrong has its name, and nothing a sender can send is an exception.</summary>
public sealed class RefusedCallbackTests
{
    private static readonly string Good = CallbackRequests.Text("hello");

    [Fact]
    public void A_wrong_signature()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good);
        Refused(WeComRefusal.WrongSignature, 401, query with { Signature = new string('0', 40) }, body);
        Refused(WeComRefusal.WrongSignature, 401, query with { Nonce = "other" }, body);
        Refused(WeComRefusal.WrongSignature, 401, query with { Timestamp = "1700000001" }, body);
        Refused(WeComRefusal.WrongSignature, 401, query with { Signature = query.Signature!.ToUpperInvariant() }, body);
        Refused(WeComRefusal.WrongSignature, 401, query with { Nonce = new string('n', 5000) }, body);
    }

    [Fact]
    public void The_signature_of_the_seed_that_leaves_the_ciphertext_out_proves_nothing()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good);
        Refused(WeComRefusal.WrongSignature, 401, query with { Signature = CallbackRequests.Cipher().Sign(query.Timestamp!, query.Nonce!, "") }, body);
    }

    [Fact]
    public void A_missing_part_of_the_query()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good);
        Refused(WeComRefusal.MissingSignature, 401, query with { Signature = null }, body);
        Refused(WeComRefusal.MissingSignature, 401, query with { Timestamp = "" }, body);
        Refused(WeComRefusal.MissingSignature, 401, query with { Nonce = null }, body);
        Assert.Equal(WeComRefusal.MissingSignature, CallbackRequests.Receiver().CheckAddress(query).Refusal);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void Outside_of_the_window(int seconds)
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good);
        WeComCallbackReceiver late = CallbackRequests.Receiver(new ManualTimeProvider(CallbackRequests.Now.AddSeconds(seconds)));
        Assert.Equal(WeComRefusal.OutsideWindow, late.Receive(query, body).Refusal);
        Assert.NotNull(CallbackRequests.Receiver(new ManualTimeProvider(CallbackRequests.Now.AddSeconds(seconds - Math.Sign(seconds)))).Receive(query, body).Delivery);
    }

    [Theory]
    [InlineData("-1700000000")]
    [InlineData(" 1700000000")]
    [InlineData("1700000000000")]
    [InlineData("now")]
    public void A_timestamp_that_is_none(string timestamp)
    {
        string encrypted = CallbackRequests.Cipher().Encrypt(Encoding.UTF8.GetBytes(Good));
        var query = new WeComCallbackQuery(CallbackRequests.Cipher().Sign(timestamp, "n", encrypted), timestamp, "n");
        Refused(WeComRefusal.OutsideWindow, 401, query, CallbackRequests.Envelope(encrypted));
    }

    [Fact]
    public void For_another_receiver()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good, "wwother");
        Refused(WeComRefusal.WrongReceiver, 403, query, body);
        (query, body) = CallbackRequests.Message(Good, "");
        Refused(WeComRefusal.WrongReceiver, 403, query, body);
        (query, body) = CallbackRequests.Message(Good.Replace(CallbackRequests.CorpId, "wwother", StringComparison.Ordinal));
        Refused(WeComRefusal.WrongReceiver, 403, query, body);
    }

    [Fact]
    public void Made_with_another_key_or_damaged()
    {
        var other = new CallbackCipher(CallbackRequests.Token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg", CallbackRequests.CorpId);
        foreach (string encrypted in new[] { other.Encrypt(Encoding.UTF8.GetBytes(Good)), "AAAA", "no base64!", CallbackRequests.Cipher().Encrypt(Encoding.UTF8.GetBytes(Good))[..64] })
        {
            Refused(WeComRefusal.Undecryptable, 400, CallbackRequests.Query(encrypted), CallbackRequests.Envelope(encrypted));
        }
    }

    [Fact]
    public void A_huge_body()
    {
        (WeComCallbackQuery query, _) = CallbackRequests.Message(Good);
        Refused(WeComRefusal.TooLarge, 413, query, new byte[WeComCallbackReceiver.MaxBodyBytes + 1]);
        Assert.Equal(WeComRefusal.TooLarge, CallbackRequests.Receiver().CheckAddress(query with { Echo = new string('e', 5000) }).Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"encrypt\":\"ENC\"}")]
    [InlineData("<xml/>")]
    [InlineData("<xml></xml>")]
    [InlineData("<other><Encrypt>ENC</Encrypt></other>")]
    [InlineData("<xml><Encrypt>ENC</Encrypt>")]
    [InlineData("<xml><Encrypt>ENC</Encrypt></xml><xml/>")]
    [InlineData("<xml><Encrypt>ENC</Encrypt><Encrypt>ENC</Encrypt></xml>")]
    [InlineData("<xml><ToUserName>a</ToUserName><ToUserName>b</ToUserName><Encrypt>ENC</Encrypt></xml>")]
    [InlineData("<xml><Encrypt><a>ENC</a></Encrypt></xml>")]
    [InlineData("<xml><a><Encrypt>ENC</Encrypt></a></xml>")]
    [InlineData("<!DOCTYPE xml><xml><Encrypt>ENC</Encrypt></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><Encrypt>&a;</Encrypt></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a \"ENC\">]><xml><Encrypt>&a;</Encrypt></xml>")]
    public void No_envelope(string envelope)
    {
        string encrypted = CallbackRequests.Cipher().Encrypt(Encoding.UTF8.GetBytes(Good));
        Refused(WeComRefusal.MalformedEnvelope, 400, CallbackRequests.Query(encrypted), Encoding.UTF8.GetBytes(envelope.Replace("ENC", encrypted, StringComparison.Ordinal)));
    }

    [Fact]
    public void Bytes_that_are_no_text()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good);
        body[10] = 0xff;
        Refused(WeComRefusal.MalformedEnvelope, 400, query, body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("<xml></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a \"x\">]><xml><MsgType>text</MsgType></xml>")]
    [InlineData("<xml><MsgType>text</MsgType></xml>")]
    public void What_was_decrypted_is_no_message(string inner)
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(inner);
        Refused(WeComRefusal.MalformedMessage, 400, query, body);
    }

    [Theory]
    [InlineData("FromUserName", "bob")]
    [InlineData("MsgType", "event")]
    [InlineData("MsgId", "2")]
    public void A_deciding_element_twice(string name, string value)
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message(Good.Replace("</xml>", $"<{name}>{value}</{name}></xml>", StringComparison.Ordinal));
        Refused(WeComRefusal.MalformedMessage, 400, query, body);
    }

    [Fact]
    public void Elements_in_elements_without_end()
    {
        (WeComCallbackQuery query, byte[] body) = CallbackRequests.Message("<xml>" + string.Concat(Enumerable.Repeat("<a>", 20_000)));
        Refused(WeComRefusal.MalformedMessage, 400, query, body);
    }

    private static void Refused(WeComRefusal refusal, int status, in WeComCallbackQuery query, byte[] body)
    {
        WeComReception<WeComDelivery> reception = CallbackRequests.Receiver().Receive(query, body);
        Assert.Equal((refusal, status), (reception.Refusal, reception.StatusCode));
        Assert.Null(reception.Delivery);
    }
}
