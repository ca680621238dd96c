using System.Text;
using Larkspur.WeCom.Callbacks;
using Larkspur.WeCom.Tests.Callbacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests.Interop;

/// <summary>The official @wecom/crypto on the other side: what it signs and encrypts we take, and what we seal it opens.</summary>
public sealed class CryptoInteropTests
{
    [Fact]
    public async Task The_official_library_and_the_receiver_understand_each_other()
    {
        WeComCallbackReceiver receiver = CallbackRequests.Receiver(TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            IQueryCollection q = context.Request.Query;
            var query = new WeComCallbackQuery(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"]);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            WeComReception<WeComDelivery> reception = context.Request.Method == "GET" ? receiver.CheckAddress(query) : receiver.Receive(query, body.ToArray());
            context.Response.StatusCode = reception.StatusCode;
            if (reception.Echo is { } echo) await context.Response.Body.WriteAsync(echo);
            if (reception.Delivery?.Content is TextReceived text) await context.Response.Body.WriteAsync(receiver.Seal(WeComReply.Text($"echo: {text.Content}"), reception.Delivery));
            if (reception.Refusal != WeComRefusal.None) await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(reception.Refusal.ToString()));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await ToolProcess.NodeSucceedsAsync("wecom-crypto.mjs", new Dictionary<string, string>
        {
            ["CALLBACK_URL"] = app.Urls.First(),
            ["WECOM_CORP_ID"] = CallbackRequests.CorpId,
            ["WECOM_TOKEN"] = CallbackRequests.Token,
            ["WECOM_ENCODING_AES_KEY"] = CallbackRequests.Key,
        });
    }
}
