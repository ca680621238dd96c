// Uploads a file and sends it to a person or a group: FileUpload FILE RECIPIENT (a user_id, ou_…, oc_… or an address).
using Larkspur;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;

if (!FeishuOptions.TryFromEnvironment(out var app, out _) || args is not [var path, var whom])
{
    Console.Error.WriteLine("FileUpload needs FEISHU_APP_ID, FEISHU_APP_SECRET, and a FILE and a RECIPIENT as arguments; "
        + "to try it, run ./larkspur emulator, set the variables that it prints, and name alice as RECIPIENT.");
    return 2;
}

var feishu = new FeishuClient(app);
try
{
    var recipient = Recipient.Parse(whom);
    await using var file = File.OpenRead(path);
    var key = await feishu.Uploads.FileAsync(file, Path.GetFileName(path), new ShownProgress());
    var sent = await feishu.Messages.SendAsync(recipient, MessageContent.File(key));
    Console.WriteLine($"\nsent {sent.MessageId}");
    return 0;
}
catch (FeishuApiException refused)
{
    // In plain words, with what to do; the log id is what Feishu's support asks for.
    Console.Error.WriteLine($"{refused.Explanation?.English ?? refused.Msg} (code {refused.Code}, log id {refused.LogId})");
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNetworkException
    or UploadRefusedException or RecipientException)
{
    Console.Error.WriteLine(e.Message);
}

return 1;

// Progress<T> would tell from other threads, when it is over.
internal sealed class ShownProgress : IProgress<UploadProgress>
{
    public void Report(UploadProgress value) => Console.Write($"\r{value.Sent:N0} of {value.Total:N0} bytes");
}
