import mongoose from 'mongoose';

export const version = mongoose.version;
