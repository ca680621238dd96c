using System.Globalization;
using System.Text;
using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Events;
using Larkspur.DingTalk.Robots;

namespace Larkspur.DingTalk.Tests.Deliveries;

public sealed class ReceiverTests
{
    private const string AesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    private const string Robot = """{"msgId":"m1","conversationId":"cid","conversationType":"2","senderCorpId":"ding1","msgtype":"text","text":{"content":" hi "},"createAt":1700000000000,"sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=s"}""";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly ManualTimeProvider _clock = new(Now);

    [Fact]
    public void The_signatures_are_those_of_the_published_vectors()
    {
        Assert.Equal("w3RMHXzixTMdzr8OHJUmVLS4IoPJVdu+Ut1LE48MePE=", DingTalkSignatures.Robot("1700000000000", "SECtest123"));
        Assert.Equal("zCVFS6NL2kfD0YdBI9IexusyXmxjcNz4IsqnmvOhsQ0=", DingTalkSignatures.Card("1700000000000", "apiSecret1"));
        var cipher = new CallbackCipher("dtToken", AesKey, "dingappkey01");
        const string encrypted = "Q3stYC6hdFzMh9T8HCvyDPAmVUAR9ZeRhlEwYP+nuEDhAGfG60ZxRGlefuzvH+ItOjS4DwezZhPzzRqOgbKBfQ==";
        Assert.Equal("success", Encoding.UTF8.GetString(cipher.Decrypt(encrypted)));
        Assert.Equal("99c48f82b9d705f11ddbe41e0c0782d10a0d3f66", cipher.Sign("1700000000000", "nonce42", encrypted));
    }

    [Fact]
    public void A_signed_robot_message_is_delivered()
    {
        DingTalkReception reception = Receive(RobotHead(), Robot);
        Assert.Equal("""{"msgtype":"empty"}""", Encoding.UTF8.GetString(reception.Answer!));
        DingTalkDelivery delivery = reception.Delivery!;
        Assert.Equal((DingTalkDeliveryKind.RobotMessage, "m1", "ding1", Now), (delivery.Kind, delivery.Id, delivery.CorpId, delivery.CreatedAt));
        var message = delivery.Read<RobotMessage>();
        Assert.Equal(("hi", true), (message.Said, message.IsGroup));
        Assert.DoesNotContain("session", message.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-60, DingTalkRefusal.None)]
    [InlineData(60, DingTalkRefusal.None)]
    [InlineData(-61, DingTalkRefusal.OutsideWindow)]
    [InlineData(61, DingTalkRefusal.OutsideWindow)]
    public void A_robot_s_signature_is_good_for_an_hour_both_ways(int minutes, DingTalkRefusal expected)
        => Assert.Equal(expected, Receive(RobotHead(Now.AddMinutes(minutes)), Robot).Refusal);

    [Fact]
    public void Each_way_to_be_wrong_has_its_name()
    {
        Refused(DingTalkRefusal.UnsupportedContentType, 415, RobotHead() with { ContentType = "text/plain" }, Robot);
        Refused(DingTalkRefusal.UnsupportedContentType, 415, RobotHead() with { ContentType = null }, Robot);
        Refused(DingTalkRefusal.UnsupportedContentType, 415, RobotHead() with { ContentType = "application/json; charset=gbk" }, Robot);
        Refused(DingTalkRefusal.TooLarge, 413, RobotHead(), new string(' ', DingTalkReceiver.MaxBodyBytes + 1));
        Refused(DingTalkRefusal.MissingSignature, 401, new DingTalkRequestHead { ContentType = "application/json" }, Robot);
        Refused(DingTalkRefusal.MissingSignature, 401, RobotHead() with { Timestamp = null }, Robot);
        Refused(DingTalkRefusal.WrongSignature, 401, RobotHead() with { Sign = DingTalkSignatures.Robot("1700000000000", "another") }, Robot);
        Refused(DingTalkRefusal.WrongSignature, 401, RobotHead() with { Timestamp = "1700000000001" }, Robot);
        Refused(DingTalkRefusal.WrongSignature, 401, RobotHead() with { Sign = new string('a', 5000) }, Robot);
        Refused(DingTalkRefusal.OutsideWindow, 401, RobotHead("soon"), Robot);
        Refused(DingTalkRefusal.OutsideWindow, 401, RobotHead("99999999999999999"), Robot);
        Refused(DingTalkRefusal.OutsideWindow, 401, RobotHead("1700000000"), Robot); // seconds
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), "");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), "[]");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), "{}");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), """{"msgId":"a","msgId":"b"}""");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), """{"msgId":"\ud800"}""");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), "<xml/>");
        Refused(DingTalkRefusal.Malformed, 400, RobotHead(), string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100));
        Assert.Equal(DingTalkRefusal.Malformed, Receiver().Receive(RobotHead(), new byte[] { (byte)'{', 0xff, (byte)'}' }).Refusal);
    }

    [Fact]
    public void Card_callbacks_have_a_signature_of_their_own()
    {
        const string body = """{"type":"actionCallback","outTrackId":"card-1","corpId":"ding1","userId":"alice","content":"{\"cardPrivateData\":{\"actionIds\":[\"yes\"],\"params\":{\"n\":1}}}"}""";
        var head = new DingTalkRequestHead { ContentType = "application/json", CardTimestamp = "1700000000000", CardSignature = DingTalkSignatures.Card("1700000000000", "apiSecret1") };
        DingTalkReception reception = Receive(head, body);
        Assert.Equal("{}", Encoding.UTF8.GetString(reception.Answer!));
        var callback = reception.Delivery!.Read<CardCallback>();
        Assert.Equal(("card-1", "alice", "yes"), (callback.OutTrackId, callback.UserId, callback.ActionIds[0]));
        Assert.Equal(reception.Delivery.Id, Receive(head, body).Delivery!.Id);
        string later = "1700000001000";
        Assert.NotEqual(reception.Delivery.Id, Receive(head with { CardTimestamp = later, CardSignature = DingTalkSignatures.Card(later, "apiSecret1") }, body).Delivery!.Id);

        Refused(DingTalkRefusal.WrongSignature, 401, head with { CardSignature = "AAAA" }, body);
        Refused(DingTalkRefusal.MissingSignature, 401, head with { CardTimestamp = null }, body);
        string old = Now.AddHours(-1.1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        Refused(DingTalkRefusal.OutsideWindow, 401, head with { CardTimestamp = old, CardSignature = DingTalkSignatures.Card(old, "apiSecret1") }, body);
        Refused(DingTalkRefusal.Malformed, 400, head, "{}");
        Assert.Equal(DingTalkRefusal.NotConfigured, Receiver(o => o.CardCallbackSecret = null).Receive(head, Encoding.UTF8.GetBytes(body)).Refusal);
    }

    [Fact]
    public void An_encrypted_event_is_delivered_and_answered_with_the_encrypted_word()
    {
        (DingTalkRequestHead head, string body) = Event("""{"EventType":"bpms_instance_change","CorpId":"ding1","EventTime":1700000000000,"eventId":"ev-1","processInstanceId":"pi","type":"finish","result":"agree"}""");
        DingTalkReception reception = Receive(head, body);
        Assert.Equal((DingTalkDeliveryKind.Event, "bpms_instance_change", "ev-1", "ding1"), (reception.Delivery!.Kind, reception.Delivery.Type, reception.Delivery.Id, reception.Delivery.CorpId));
        Assert.Equal("agree", reception.Delivery.Read<ApprovalInstanceChanged>().Result);
        AssertSuccess(reception);
    }

    [Theory]
    [InlineData("check_url")]
    [InlineData("check_create_suite_url")]
    [InlineData("check_update_suite_url")]
    public void An_address_check_needs_only_its_answer(string type)
    {
        (DingTalkRequestHead head, string body) = Event($$"""{"EventType":"{{type}}","Random":"x"}""");
        DingTalkReception reception = Receive(head, body);
        Assert.Null(reception.Delivery);
        AssertSuccess(reception);
    }

    [Fact]
    public void An_event_without_an_id_gets_one_from_what_makes_it_unique()
    {
        (DingTalkRequestHead head, string body) = Event("""{"EventType":"bpms_task_change","processInstanceId":"pi","taskId":77,"type":"start","createTime":1}""");
        Assert.Equal("bpms_task_change+pi+77+start+1", Receive(head, body).Delivery!.Id);
        (head, body) = Event("""{"EventType":"user_add_org","userId":["a"],"timeStamp":"1"}""");
        DingTalkDelivery delivery = Receive(head, body).Delivery!;
        Assert.StartsWith("user_add_org+", delivery.Id, StringComparison.Ordinal);
        Assert.Equal(["a"], delivery.Read<PeopleChanged>().UserId);
    }

    [Fact]
    public void Events_are_refused_by_name_too()
    {
        (DingTalkRequestHead head, string body) = Event("""{"EventType":"x"}""");
        Refused(DingTalkRefusal.WrongSignature, 401, head with { EventSignature = new string('0', 40) }, body);
        Refused(DingTalkRefusal.WrongSignature, 401, head with { EventNonce = "other" }, body);
        Refused(DingTalkRefusal.MissingSignature, 401, head with { EventNonce = null }, body);
        Refused(DingTalkRefusal.MissingSignature, 401, head with { EventTimestamp = null }, body);
        Refused(DingTalkRefusal.Malformed, 400, head, body.Replace("{", """{"encrypt":"other",""", StringComparison.Ordinal));
        Refused(DingTalkRefusal.Malformed, 400, head, """{"encrypt":1}""");
        Refused(DingTalkRefusal.Malformed, 400, head, "{}");
        Refused(DingTalkRefusal.Malformed, 400, Event("{}"));
        Refused(DingTalkRefusal.Malformed, 400, Event("""{"EventType":"x","EventType":"check_url"}"""));
        Refused(DingTalkRefusal.WrongReceiver, 403, Event("""{"EventType":"x"}""", owner: "dingother"));
        Refused(DingTalkRefusal.Undecryptable, 400, Event("""{"EventType":"x"}""", key: "G" + AesKey[1..]));
        Refused(DingTalkRefusal.OutsideWindow, 401, Event("""{"EventType":"x"}""", time: Now.AddMinutes(61)));
        Refused(DingTalkRefusal.OutsideWindow, 401, Event("""{"EventType":"x"}""", time: Now.AddMinutes(-61)));
        Assert.Equal(DingTalkRefusal.NotConfigured, Receiver(o => o.Token = o.AesKey = null).Receive(head, Encoding.UTF8.GetBytes(body)).Refusal);
    }

    [Fact]
    public void What_is_delivered_counts_against_the_month_and_contacts_do_not()
    {
        var told = new Calls.Told();
        var client = new DingTalkClient(Options(), clock: _clock, observer: told);
        var receiver = new DingTalkReceiver(client);
        receiver.Receive(RobotHead(), Encoding.UTF8.GetBytes(Robot));
        foreach (string type in (string[])["user_add_org", "org_dept_modify", "label_conf_add", "org_change", "org_admin_add", "bpms_task_change", "check_url"])
        {
            (DingTalkRequestHead head, string body) = Event($$"""{"EventType":"{{type}}"}""");
            Assert.Equal(200, receiver.Receive(head, Encoding.UTF8.GetBytes(body)).StatusCode);
        }

        Assert.Equal([DingTalkTopics.RobotMessage, "bpms_task_change"], told.Uses.Select(u => u.What));
        Assert.Equal(2, client.Usage[DingTalkUseKind.Delivery]);
    }

    [Theory]
    [InlineData("""{"msgId":"m","msgtype":"richText","content":{"richText":[{"text":"see "},{"type":"picture","downloadCode":"d1"},{"text":"this"}]}}""", "see this", "d1")]
    [InlineData("""{"msgId":"m","msgtype":"audio","content":{"duration":4000,"downloadCode":"d2","recognition":"good morning"}}""", "good morning", "d2")]
    [InlineData("""{"msgId":"m","msgtype":"file","content":{"downloadCode":"d3","fileName":"a.pdf","fileId":"1","spaceId":"2"}}""", "", "d3")]
    [InlineData("""{"msgId":"m","msgtype":"picture","content":{"downloadCode":"d4","pictureDownloadCode":"p"}}""", "", "d4")]
    [InlineData("""{"msgId":"m","msgtype":"unknownMsgType"}""", "", null)]
    [InlineData("""{"msgId":"m","msgtype":"text"}""", "", null)]
    [InlineData("""{"msgId":"m","msgtype":"richText","content":"odd"}""", "", null)]
    public void Every_kind_of_message_is_read(string json, string said, string? file)
    {
        var message = JsonSerializer.Deserialize<RobotMessage>(json, DingTalkJson.New)!;
        Assert.Equal((said, file), (message.Said, message.Files.Count == 0 ? null : message.Files[0].DownloadCode));
    }

    [Fact]
    public void A_message_beyond_the_month_comes_without_its_words()
    {
        var message = JsonSerializer.Deserialize<RobotMessage>("""{"msgId":"m","msgtype":"text","errorCode":20001,"errorMessage":"quota"}""", DingTalkJson.New)!;
        Assert.True(message.IsOverQuota);
        Assert.Equal("", message.Said);
    }

    private static void AssertSuccess(DingTalkReception reception)
    {
        JsonElement answer = JsonDocument.Parse(reception.Answer!).RootElement;
        Assert.Equal(["msg_signature", "timeStamp", "nonce", "encrypt"], answer.EnumerateObject().Select(p => p.Name));
        var cipher = new CallbackCipher("dtToken", AesKey, "dingappkey01");
        string encrypt = answer.GetProperty("encrypt").GetString()!;
        Assert.True(cipher.Verify(answer.GetProperty("msg_signature").GetString(), answer.GetProperty("timeStamp").GetString(), answer.GetProperty("nonce").GetString(), encrypt));
        Assert.Equal("success", Encoding.UTF8.GetString(cipher.Decrypt(encrypt)));
        // Node's parsers are not all tolerant of escapes in base64.
        Assert.DoesNotContain("\\u", Encoding.UTF8.GetString(reception.Answer!), StringComparison.Ordinal);
    }

    private static DingTalkRequestHead RobotHead(DateTimeOffset? time = null) => RobotHead((time ?? Now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    private static DingTalkRequestHead RobotHead(string timestamp)
        => new() { ContentType = "application/json; charset=utf-8", Timestamp = timestamp, Sign = DingTalkSignatures.Robot(timestamp, "app-secret-1") };

    private static (DingTalkRequestHead Head, string Body) Event(string json, string owner = "dingappkey01", string key = AesKey, DateTimeOffset? time = null)
    {
        var cipher = new CallbackCipher("dtToken", key, owner);
        string encrypt = cipher.Encrypt(Encoding.UTF8.GetBytes(json)), timestamp = (time ?? Now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return (new DingTalkRequestHead { ContentType = "application/json", EventTimestamp = timestamp, EventNonce = "n1", EventSignature = cipher.Sign(timestamp, "n1", encrypt) },
            $$"""{"encrypt":"{{encrypt}}"}""");
    }

    private static DingTalkOptions Options() => new()
    {
        ClientId = "dingappkey01", ClientSecret = "app-secret-1", Token = "dtToken", AesKey = AesKey, CardCallbackSecret = "apiSecret1",
    };

    private DingTalkReceiver Receiver(Action<DingTalkOptions>? change = null)
    {
        DingTalkOptions options = Options();
        change?.Invoke(options);
        return new DingTalkReceiver(options, _clock);
    }

    private DingTalkReception Receive(DingTalkRequestHead head, string body) => Receiver().Receive(head, Encoding.UTF8.GetBytes(body));

    private void Refused(DingTalkRefusal refusal, int status, (DingTalkRequestHead Head, string Body) request) => Refused(refusal, status, request.Head, request.Body);

    private void Refused(DingTalkRefusal refusal, int status, DingTalkRequestHead head, string body)
    {
        DingTalkReception reception = Receive(head, body);
        Assert.Equal((refusal, status), (reception.Refusal, reception.StatusCode));
        Assert.Null(reception.Delivery);
        Assert.Null(reception.Answer);
    }
}
