using System.Text.Json;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Answers that only say whether it worked, with HTTP 200: in <c>success</c>, or where that is missing in <c>result</c>. (Beside a <c>success</c> the result may tell how a task was decided.)</summary>
internal static class WorkflowAnswers
{
    public static async Task DoneAsync(DingTalkClient client, DingTalkRequest request, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync<Done>(request, cancellationToken: cancellationToken);
        if (answer.Success == false || answer.Success is null && answer.Result.ValueKind == JsonValueKind.False)
            throw new DingTalkApiException($"{request.Endpoint.Id} was answered with HTTP 200 and without success.") { HttpStatus = 200, Endpoint = request.Endpoint.Id };
    }

    private sealed record Done(bool? Success, JsonElement Result);
}
