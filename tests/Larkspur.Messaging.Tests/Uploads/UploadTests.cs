using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Uploads;

public sealed class UploadTests : EmulatorTests
{
    [Fact]
    public async Task Images_are_known_by_their_bytes()
    {
        byte[][] images = [Files.Png(3, 4), Files.Gif(5, 6), Files.Jpeg()];
        foreach (byte[] image in images) Assert.StartsWith("img_", await Feishu.Uploads.ImageAsync(new MemoryStream(image), cancellationToken: Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_is_read_from_where_it_stands_and_left_open_and_progress_is_told()
    {
        byte[] image = Files.Png(3, 4, 300_000);
        using var stream = new MemoryStream([9, 9, 9, .. image]) { Position = 3 };
        var told = new Progress();
        await Feishu.Uploads.ImageAsync(stream, progress: told, cancellationToken: Stop);
        Assert.True(stream.CanRead);
        Assert.Equal(new UploadProgress(image.Length, image.Length), told.Seen[^1]);
        Assert.True(told.Seen.Zip(told.Seen.Skip(1)).All(p => p.First.Sent < p.Second.Sent));
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_is_judged_all_the_same()
    {
        Assert.NotEmpty(await Feishu.Uploads.ImageAsync(new OneWay(Files.Png(1, 1)), cancellationToken: Stop));
        Assert.Equal(UploadProblem.TooLarge, (await Assert.ThrowsAsync<UploadRefusedException>(() => Feishu.Uploads.ImageAsync(new OneWay(new byte[11 << 20]), cancellationToken: Stop))).Problem);
    }

    [Fact]
    public Task An_image_of_11_MB_is_refused_before_the_call() => RefusedBeforeAsync(UploadProblem.TooLarge, Files.Png(1, 1, 11 << 20));

    [Fact]
    public async Task A_png_that_is_not_one_is_refused_before_the_call()
    {
        await RefusedBeforeAsync(UploadProblem.NotAnImage, "this is text"u8.ToArray());
        await RefusedBeforeAsync(UploadProblem.BrokenImage, Files.Png(1, 1)[..20]);
        byte[] damaged = Files.Png(1, 1);
        damaged[18] ^= 1;
        await RefusedBeforeAsync(UploadProblem.BrokenImage, damaged);
        await RefusedBeforeAsync(UploadProblem.BrokenImage, [.. Files.Png(1, 1).AsSpan(0, 8), .. "no header in this one, but enough bytes"u8]);
        await RefusedBeforeAsync(UploadProblem.BrokenImage, [0xFF, 0xD8, 0xFF, 0xE0, .. "this is not a picture at all"u8]);
    }

    [Fact]
    public async Task Empty_and_huge_images_are_refused_before_the_call()
    {
        await RefusedBeforeAsync(UploadProblem.Empty, []);
        await RefusedBeforeAsync(UploadProblem.TooManyPixels, Files.Png(12_001, 1));
        await RefusedBeforeAsync(UploadProblem.TooManyPixels, Files.Gif(2001, 1));
        Assert.Equal(UploadProblem.TooManyPixels,
            (await Assert.ThrowsAsync<UploadRefusedException>(() => Feishu.Uploads.ImageAsync(new MemoryStream(Files.Png(5000, 1)), use: ImageUse.Avatar, cancellationToken: Stop))).Problem);
    }

    [Fact]
    public async Task Files_sound_and_video_are_judged_before_the_call()
    {
        async Task<UploadProblem> ProblemAsync(Func<FeishuUploads, Task<string>> upload) => (await Assert.ThrowsAsync<UploadRefusedException>(() => upload(Feishu.Uploads))).Problem;
        Assert.Equal(UploadProblem.TooLarge, await ProblemAsync(u => u.FileAsync(new MemoryStream(new byte[(30 << 20) + 1]), "a.bin", cancellationToken: Stop)));
        Assert.Equal(UploadProblem.WrongName, await ProblemAsync(u => u.FileAsync(new MemoryStream([1]), "../a.bin", cancellationToken: Stop)));
        Assert.Equal(UploadProblem.WrongName, await ProblemAsync(u => u.FileAsync(new MemoryStream([1]), " ", cancellationToken: Stop)));
        Assert.Equal(UploadProblem.NotOpus, await ProblemAsync(u => u.AudioAsync(new MemoryStream([.. "ID3"u8, 1, 2]), "a.mp3", cancellationToken: Stop)));
        Assert.Equal(UploadProblem.NotMp4, await ProblemAsync(u => u.MediaAsync(new MemoryStream([.. "RIFF....AVI "u8]), "a.avi", cancellationToken: Stop)));
    }

    private async Task RefusedBeforeAsync(UploadProblem problem, byte[] image)
    {
        UploadRefusedException refused = await Assert.ThrowsAsync<UploadRefusedException>(() => Feishu.Uploads.ImageAsync(new MemoryStream(image), "picture.png", cancellationToken: Stop));
        Assert.Equal(problem, refused.Problem);
        Assert.DoesNotContain("/im/v1/images", (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString(), StringComparison.Ordinal);
    }

    private sealed class Progress : IProgress<UploadProgress>
    {
        public List<UploadProgress> Seen { get; } = [];

        public void Report(UploadProgress value) => Seen.Add(value);
    }

    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
