// Passes questions to a Dify app and writes its answer into a card while it comes into being.
using System.Threading.Channels;
using Larkspur;
using Larkspur.Dify;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var (url, key) = (Environment.GetEnvironmentVariable("DIFY_BASE_URL"), Environment.GetEnvironmentVariable("DIFY_API_KEY"));
if (!FeishuOptions.TryFromEnvironment(out _, out _) || !Uri.TryCreate(url, UriKind.Absolute, out var address) || string.IsNullOrEmpty(key))
{
    Console.Error.WriteLine("StreamingAnswer needs FEISHU_APP_ID, FEISHU_APP_SECRET, DIFY_BASE_URL and DIFY_API_KEY; to try it, run "
        + "./larkspur emulator and set what it prints, DIFY_BASE_URL=http://127.0.0.1:8081/v1 and DIFY_API_KEY=app-emulator-key.");
    return 2;
}

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddFeishu(app => app.ReadEnvironment());
builder.Services.AddDify(app => (app.BaseUrl, app.ApiKey) = (address, key));
// An event must be acknowledged within 3 s and an answer takes longer: questions are only taken here. If the process dies they are lost.
var questions = Channel.CreateBounded<Question>(100);
builder.Services.AddFeishuLongConnection(_ => new FeishuEventDispatcher().On<ImMessageReceiveV1>(async (e, cancellation) =>
{
    if (e.Event is { Message: { MessageId: { } id } message, Sender.SenderId.OpenId: { } person })
        await questions.Writer.WriteAsync(new Question(id, person, message.ReadContent().PlainText), cancellation);
}));
builder.Services.AddSingleton(questions.Reader);
builder.Services.AddHostedService<Answers>();
await builder.Build().RunAsync();
return 0;

internal sealed record Question(string MessageId, string Person, string Text);

internal sealed class Answers(ChannelReader<Question> questions, FeishuClient feishu, DifyClient dify, ILogger<Answers> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(questions.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken }, AnswerAsync);

    private async ValueTask AnswerAsync(Question question, CancellationToken cancellation)
    {
        try
        {
            await using var card = await feishu.Messages.StreamReplyAsync(question.MessageId, cancellationToken: cancellation);
            await foreach (var happened in dify.Chat.StreamAsync(new(question.Text, question.Person), cancellation))
                if (happened is DifyText more) card.Append(more.Delta);
            await card.CompleteAsync(cancellation: cancellation);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
        {
            log.LogError(e, "Question {MessageId} has no answer", question.MessageId);
            var sorry = MessageContent.Text("Sorry, no answer this time. Please ask again later.");
            await feishu.Messages.ReplyAsync(question.MessageId, sorry, cancellationToken: cancellation);
        }
    }
}
