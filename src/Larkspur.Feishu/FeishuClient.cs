namespace Larkspur.Feishu;

/// <summary>Calls the platform for one app: tokens, rate shaping, retries and errors in one place.</summary>
/// <remarks>Thread-safe; keep one per app. Typed endpoints come with <c>Larkspur.Feishu.Api</c> as extension members: <c>feishu.Im.V1.Message.CreateAsync(…)</c>.</remarks>
public sealed class FeishuClient
{
    /// <summary>The app's options.</summary>
    public FeishuOptions Options => throw new NotImplementedException();

    /// <summary>Sends a call and returns its <c>data</c> (or the whole object, see <see cref="FeishuEndpoint.Answer"/>).</summary>
    public Task<T> SendAsync<T>(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Sends a call whose answer carries nothing of interest.</summary>
    public Task SendAsync(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Sends a call whose answer is a file.</summary>
    public Task<FeishuDownload> DownloadAsync(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();
}
